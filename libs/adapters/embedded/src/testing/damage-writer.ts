import { cpSync } from 'node:fs';
import { CONVERSATION_TOPIC, HybridClock, type Message } from '@chasqui/domain';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { type EmbeddedEngines, openEmbeddedEngines } from '../index.ts';
import { direct, toIndex, toPut, toRecord } from './direct-messages.ts';

/**
 * A server's life in short: it runs and stops, and a copy of its folder is kept ("yesterday"); it starts again, runs
 * on, reports it, and waits to be killed. Messages take a server's path: to the bus, from it into the store and the
 * index. No file's write-ahead log is checkpointed meanwhile, so that the effect of losing the log is known.
 */
const [dataDir = '', yesterday = ''] = process.argv.slice(2);
const ids = new HybridClock({ now: Date.now, tag: 7 });
/** Timers run twenty times as fast, so that the record of the folder is written within half a second. */
const clock: typeof systemClock = { ...systemClock, after: (ms, run) => systemClock.after(ms / 20, run) };

function messageOf(n: number): Message {
  const [from, to] = n % 2 === 0 ? ['ann', 'bob'] : ['bob', 'ann'];
  const text = `word${n} hello`;
  return direct({ messageId: ids.next(), from, to, clientMessageId: `key-${n}`, text, sentAt: Date.now() });
}

async function work(
  { bus, conversations, messages, search }: EmbeddedEngines,
  first: number,
  count: number,
): Promise<void> {
  let done = 0;
  const consumer = bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'business',
    async handle(batch) {
      const some = batch.map(({ body }) => JSON.parse(body) as Message);
      await conversations.record(some.map(toRecord));
      await messages.put(some.map((message) => toPut(message)));
      await search.index(some.map(toIndex));
      done += some.length;
    },
  });
  for (let n = first; n < first + count; n++) {
    await bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body: JSON.stringify(messageOf(n)) });
  }
  while (done < count) await new Promise((resolve) => setTimeout(resolve, 5));
  await consumer[Symbol.asyncDispose]();
}

const open = () => openEmbeddedEngines({ dataDir, clock, random: systemRandom, logger: silentLogger });

{
  await using engines = await open();
  await work(engines, 0, 60);
  const rebuild = await engines.search.rebuild();
  await rebuild.index([]);
  await rebuild.commit();
  await work(engines, 60, 60);
}
cpSync(dataDir, yesterday, { recursive: true });
const engines = await open();
await work(engines, 200, 60);
// Time for the record of the folder, and for each file's last witness of the others.
await new Promise((resolve) => setTimeout(resolve, 1_200));
await work(engines, 300, 10);
await new Promise((resolve) => setTimeout(resolve, 200));
process.stdout.write('worked\n');
setInterval(() => {}, 1_000);
