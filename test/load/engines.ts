/**
 * The cost of the embedded engines: microseconds for each message, wall clock and CPU, at several batch sizes, with a
 * few batches in flight as under load. Usage: node test/load/engines.ts [messages per figure, default 20000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addresseesOf, CONVERSATION_TOPIC, HybridClock, inboxOf, type Message, shardOf } from '@chasqui/domain';
import { openEmbeddedEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { directMessage } from './direct-message.ts';

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
const { bus, conversations, logs, messages: store, search } = engines;
const ids = new HybridClock({ now: Date.now, tag: 1 });
let made = 0;

type Sent = ReturnType<typeof directMessage>;

function nextMessage(): Sent {
  const n = made++;
  const [from, to] =
    n % 2 === 0 ? [`user${n % PAIRS}a`, `user${n % PAIRS}b`] : [`user${n % PAIRS}b`, `user${n % PAIRS}a`];
  return directMessage({
    messageId: ids.next(),
    from,
    to,
    clientMessageId: `client-${n}`,
    text: `${n.toString(36)} ${TEXT}`,
  });
}

/** Runs `work` on batches, a few in flight at a time, and prints the cost of a message. */
async function measure(name: string, batchSize: number, work: (batch: Sent[]) => Promise<unknown>): Promise<number> {
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
const addresseeOf = (message: Message) => addresseesOf(message)[0] ?? '';
const put = (batch: Sent[]) => store.put(batch.map((one) => ({ ...one, steps: steps(one.message) })));
const record = (batch: Sent[]) => conversations.record(batch.map(({ message }) => message));
const raise = (batch: Sent[]) =>
  store.raise(
    batch.map(({ message }) => ({
      conversationId: message.conversationId,
      messageId: message.messageId,
      member: addresseeOf(message),
      status: 'delivered',
      at: message.sentAt + 9,
      node: 'business-1',
    })),
  );
const append = (batch: Sent[]) =>
  logs.append(
    batch.map(({ message }) => {
      const { conversationId, messageId, from, sentAt: at } = message;
      const told = { state: 'delivered' as const, messageIds: [messageId], by: addresseeOf(message), at };
      return { log: inboxOf(from), update: { type: 'receipt', conversationId, ...told } };
    }),
  );
const index = (batch: Sent[]) =>
  search.index(
    batch.map(({ message: { messageId, conversationId, from, audience, content, sentAt } }) => ({
      messageId,
      conversationId,
      from,
      logs: audience,
      text: content.text ?? '',
      sentAt,
      status: 'stored',
      version: 1,
    })),
  );

/** Publishes a batch as one bus message for each shard; resolves when it has been consumed too. */
const waiting = new Map<string, () => void>();
await using consumer = bus.consume({
  topic: CONVERSATION_TOPIC,
  group: 'load',
  async handle(batch) {
    for (const { body } of batch) {
      for (const {
        message: { messageId },
      } of JSON.parse(body) as Sent[]) {
        waiting.get(messageId)?.();
        waiting.delete(messageId);
      }
    }
  },
});
void consumer;
const publish = async (batch: Sent[]) => {
  const consumed = batch.map(({ message }) => new Promise<void>((resolve) => waiting.set(message.messageId, resolve)));
  const byShard = Map.groupBy(batch, ({ message }) => shardOf(message.conversationId, bus.shards(CONVERSATION_TOPIC)));
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
  await measure('conversations.record', size, record);
  await measure('messages.put', size, put);
  const kept: Sent[][] = [];
  await measure('messages.put (to be raised)', size, async (batch) => {
    kept.push(batch);
    await put(batch);
  });
  await measure('messages.raise', size, () => raise(kept.pop() ?? []));
  await measure('logs.append', size, append);
  await measure('search.index', size, index);
  await measure('publish, consume, record, put, raise', size, async (batch) => {
    await publish(batch);
    await Promise.all([record(batch), put(batch)]);
    await raise(batch);
  });
}

await engines[Symbol.asyncDispose]();
rmSync(dataDir, { recursive: true });
