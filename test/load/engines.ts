/**
 * What the embedded engines cost: microseconds per message, wall clock and processor, at several batch sizes, with a few
 * batches in flight as under load. Usage: node test/load/engines.ts [messages per figure, default 20000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONVERSATION_TOPIC, conversationOf, HybridClock, type Message, shardOf } from '@chasqui/domain';
import { openEmbeddedEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';

const MESSAGES = Number(process.argv[2] ?? 20_000);
const PAIRS = 100;
const IN_FLIGHT = 4;
const TEXT = 'x'.repeat(300);

const dataDir = mkdtempSync(join(tmpdir(), 'chasqui-engines-'));
const engines = await openEmbeddedEngines({
  dataDir,
  clock: systemClock,
  random: systemRandom,
  logger: silentLogger,
  shards: { [CONVERSATION_TOPIC]: 8 },
});
const { bus, sessions, inboxes, messages: store, search } = engines;
const ids = new HybridClock({ now: Date.now, tag: 1 });
let made = 0;

function nextMessage(): Message {
  const n = made++;
  const [from, to] =
    n % 2 === 0 ? [`user${n % PAIRS}a`, `user${n % PAIRS}b`] : [`user${n % PAIRS}b`, `user${n % PAIRS}a`];
  return {
    messageId: ids.next(),
    conversationId: conversationOf(from, to),
    from,
    to,
    fromDevice: 'phone',
    clientMessageId: `client-${n}`,
    kind: 'c2c',
    sentAt: Date.now(),
    content: { text: `${n.toString(36)} ${TEXT}` },
  };
}

/** Runs `work` on batches, a few in flight at a time, and prints what a message cost. */
async function measure(name: string, batchSize: number, work: (batch: Message[]) => Promise<unknown>): Promise<number> {
  const count = batchSize === 1 ? MESSAGES / 10 : MESSAGES;
  const batches = Array.from({ length: count / batchSize }, () => Array.from({ length: batchSize }, nextMessage));
  const cpu = process.cpuUsage();
  const start = performance.now();
  let next = 0;
  const lanes = Array.from({ length: IN_FLIGHT }, async () => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) await work(batch);
  });
  await Promise.all(lanes);
  const wall = ((performance.now() - start) * 1000) / count;
  const { user, system } = process.cpuUsage(cpu);
  const used = (user + system) / count;
  console.log(
    `${name.padEnd(34)} ${String(batchSize).padStart(4)} ${wall.toFixed(1).padStart(9)} ${used.toFixed(1).padStart(8)}`,
  );
  return used;
}

const steps = (message: Message) => [
  { state: 'queued' as const, at: message.sentAt, node: 'connect-1' },
  { state: 'stored' as const, at: message.sentAt + 3, node: 'business-1' },
];
const put = (batch: Message[]) => store.put(batch.map((message) => ({ message, steps: steps(message) })));
const raise = (batch: Message[]) =>
  store.raise(
    batch.map(({ conversationId, messageId, to, sentAt }) => ({
      conversationId,
      messageId,
      to,
      status: 'delivered',
      at: sentAt + 9,
      node: 'business-1',
    })),
  );
const append = (batch: Message[]) =>
  inboxes.append(
    batch.map(({ conversationId, messageId, from, to, sentAt }) => ({
      userId: from,
      update: { type: 'receipt', conversationId, state: 'delivered', messageIds: [messageId], by: to, at: sentAt },
    })),
  );
const index = (batch: Message[]) =>
  search.index(
    batch.map(({ messageId, conversationId, from, to, content, sentAt }) => ({
      messageId,
      conversationId,
      from,
      to,
      text: content.text ?? '',
      sentAt,
      status: 'stored',
      version: 1,
    })),
  );

/** Publishes a batch as one bus message per shard; resolves when it has been consumed too. */
const waiting = new Map<string, () => void>();
await using consumer = bus.consume({
  topic: CONVERSATION_TOPIC,
  group: 'load',
  async handle(batch) {
    for (const { body } of batch) {
      for (const { messageId } of JSON.parse(body) as Message[]) {
        waiting.get(messageId)?.();
        waiting.delete(messageId);
      }
    }
  },
});
void consumer;
const publish = async (batch: Message[]) => {
  const consumed = batch.map(({ messageId }) => new Promise<void>((resolve) => waiting.set(messageId, resolve)));
  const byShard = Map.groupBy(batch, ({ conversationId }) => shardOf(conversationId, bus.shards(CONVERSATION_TOPIC)));
  await Promise.all(
    [...byShard].map(([shard, events]) =>
      bus.publish({ topic: CONVERSATION_TOPIC, shard, body: JSON.stringify(events) }),
    ),
  );
  await Promise.all(consumed);
};

console.log(`${'operation'.padEnd(34)} size   µs wall   µs cpu   (per message, ${IN_FLIGHT} batches in flight)`);
for (const size of [1, 10, 100]) {
  await measure('bus publish + consume', size, publish);
  await measure('sessions.record', size, (batch) => sessions.record(batch));
  await measure('messages.put', size, put);
  const kept: Message[][] = [];
  await measure('messages.put (to be raised)', size, async (batch) => {
    kept.push(batch);
    await put(batch);
  });
  await measure('messages.raise', size, () => raise(kept.pop() ?? []));
  await measure('inboxes.append', size, append);
  await measure('search.index', size, index);
  await measure('publish, consume, record, put, raise', size, async (batch) => {
    await publish(batch);
    await Promise.all([sessions.record(batch), put(batch)]);
    await raise(batch);
  });
}

await engines[Symbol.asyncDispose]();
rmSync(dataDir, { recursive: true });
