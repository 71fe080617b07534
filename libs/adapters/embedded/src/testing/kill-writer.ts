import { CONVERSATION_TOPIC, type GroupChange, HybridClock, type LogUpdate, type Message } from '@chasqui/domain';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { openEmbeddedEngines, serveEmbeddedEngines } from '../index.ts';
import { direct, receiverOf, toIndex, toPut, toRecord } from './direct-messages.ts';
import { BOUNDS, changeOf, creation, toGroup } from './group-messages.ts';
import type { Acked } from './kill-journal.ts';

/**
 * Writes through all engines as fast as it can until it is killed. Each line on standard output names an acked write,
 * and is written only after the ack: everything that it names must be durable. With a socket, it serves the engines there.
 */
const [dataDir = '', round = '0', socket] = process.argv.slice(2);
const SHARDS = 8;
const engines = await openEmbeddedEngines({
  shards: { [CONVERSATION_TOPIC]: SHARDS },
  dataDir,
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  // Small, so that kills also hit the flushing of the journal and of the index.
  flushAt: { journalCharacters: 50_000, messages: 300 },
});
if (socket !== undefined) {
  await serveEmbeddedEngines(engines, { clock: systemClock, logger: silentLogger, path: socket });
}
const { bus, conversations, groups, logs, messages, search } = engines;
const ids = new HybridClock({ now: Date.now, tag: Number(round) + 1 });
const USERS = 12;

function say(acked: Acked): void {
  process.stdout.write(`${JSON.stringify(acked)}\n`);
}

function messageOf(lane: number, n: number): Message {
  const from = `user${lane % USERS}`;
  const to = `user${(lane + 1 + (n % (USERS - 1))) % USERS}`;
  const text = `word${round}x${lane}x${n} of many`;
  return direct({
    messageId: ids.next(),
    from,
    to,
    clientMessageId: `${round}-${lane}-${n}`,
    text,
    sentAt: Date.now(),
  });
}

async function storeLane(lane: number): Promise<never> {
  for (let n = 0; ; n++) {
    const batch = Array.from({ length: 1 + (n % 7) }, (_, i) => messageOf(lane, n * 10 + i));
    const outcomes = await conversations.record(batch.map(toRecord));
    say({ type: 'recorded', messages: batch, outcomes });
    await messages.put(batch.map((message) => toPut(message, [{ state: 'stored', at: 1, node: 'n' }])));
    say({ type: 'put', messages: batch });
    await messages.raise(
      batch.map((message) => ({
        conversationId: message.conversationId,
        messageId: message.messageId,
        member: receiverOf(message),
        status: 'delivered',
        at: 2,
        node: 'n',
      })),
    );
    say({ type: 'raised', messages: batch });
    const [first] = batch;
    if (first === undefined) continue;
    const { conversationId, messageId, from } = first;
    const to = receiverOf(first);
    const update: LogUpdate = {
      type: 'receipt',
      conversationId,
      state: 'delivered',
      messageIds: [messageId],
      by: to,
      at: n,
    };
    const [position] = await logs.append([{ log: from, update }]);
    say({ type: 'appended', userId: from, position: position ?? 0, update });
    if (n % 3 === 0) await conversations.markRead({ userId: to, conversationId, upTo: messageId, at: n, node: 'n' });
    await search.index(batch.map(toIndex));
    say({ type: 'indexed', messages: batch });
  }
}

/** Receipts for all users, so that commits hold entries of both kinds in any order. */
async function receiptLane(lane: number): Promise<never> {
  for (let n = 0; ; n++) {
    const message = messageOf(lane, n);
    const { conversationId, messageId, from } = message;
    const update: LogUpdate = {
      type: 'receipt',
      conversationId,
      state: 'read',
      upTo: messageId,
      by: receiverOf(message),
      at: n,
    };
    const [position] = await logs.append([{ log: from, update }]);
    say({ type: 'appended', userId: from, position: position ?? 0, update });
  }
}

/** A group whose members post, read, come and go. */
async function groupLane(lane: number): Promise<never> {
  const conversationId = `team${round}-${lane}`;
  const members = ['user1', 'user2', 'user3'];
  const change = async (asked: GroupChange) =>
    say({ type: 'changed', change: asked, applied: await groups.apply(asked, BOUNDS) });
  await change(creation(conversationId, 'user0', members));
  for (let n = 0; ; n++) {
    const from = members[n % 3] ?? '';
    const messages = ['user0', from, 'stranger', from].map((user, i) =>
      toGroup({
        ...{ messageId: ids.next(), conversationId, from: user, clientMessageId: `${conversationId}-${n}-${i}` },
        mentions: i === 0 ? 'all' : ['user0', 'user1'],
      }),
    );
    const outcomes = await conversations.record(messages);
    say({ type: 'posted', messages, outcomes });
    const mark = { userId: members[(n + 1) % 3] ?? '', conversationId, upTo: outcomes[0]?.messageId ?? '' };
    await conversations.markRead({ ...mark, at: n, node: 'n' });
    say({ type: 'marked', ...mark });
    const comesAndGoes = { users: ['user4'] };
    await change(changeOf(conversationId, 'user0', `${n}`, n % 2 === 0 ? 'add' : 'remove', comesAndGoes));
  }
}

async function busLane(lane: number): Promise<never> {
  for (let n = 0; ; n++) {
    const body = JSON.stringify([`${round}-${lane}-${n}`]);
    await bus.publish({ topic: CONVERSATION_TOPIC, shard: lane % SHARDS, body });
    say({ type: 'published', shard: lane % SHARDS, body });
  }
}

// Part of the bus's work is handled before the kill: handled messages may be redelivered, the others must be delivered.
bus.consume({ topic: CONVERSATION_TOPIC, group: 'partly', maxBatch: 4, handle: async () => {} });
await Promise.all([
  ...[0, 1, 2, 3].map(storeLane),
  ...[0, 1, 2].map(receiptLane),
  ...[0, 1].map(groupLane),
  ...[0, 1, 2].map(busLane),
]);
