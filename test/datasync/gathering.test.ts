import { DataSync, GATHER_MS } from '@chasqui/app-datasync/core';
import { createManualClock } from '@chasqui/contracts';
import { joinEvents } from '@chasqui/core';
import { DEFAULT_LIMITS, encodeMessage, type Message, type Random, SEARCH_TOPIC } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { createMemoryBus, createMemoryMessages, createMemorySearch } from '@chasqui/memory';
import { expect, test } from 'vitest';
import { silentMetrics } from '../simulation/silent-metrics.ts';
import { messagesOf } from './samples.ts';

const random: Random = () => 0.5;

/** Two shards, and a DataSync whose shards draw these random numbers in turn. */
function stage(draws: number[]) {
  const clock = createManualClock();
  const messages = createMemoryMessages();
  const search = createMemorySearch();
  const bus = createMemoryBus({ clock, random, shards: 2 });
  const messageOf = messagesOf(clock);
  const tell = async (text: string, shard: number): Promise<void> => {
    const message: Message = messageOf(text);
    await messages.put([{ ...encodeMessage(message), steps: [] }]);
    const { conversationId, messageId } = message;
    const body = joinEvents([JSON.stringify({ messages: [{ conversationId, messageId }] })]);
    await bus.publish({ topic: SEARCH_TOPIC, shard, body });
  };
  const start = () =>
    new DataSync({
      runtime: {
        nodeId: 'datasync-1',
        clock,
        limits: DEFAULT_LIMITS,
        logger: silentLogger,
        metrics: silentMetrics,
        random: () => draws.shift() ?? 0.5,
      },
      engines: { bus, messages, search },
    });
  const found = async (...texts: string[]): Promise<string[]> => {
    const hits = await Promise.all(texts.map((text) => search.search({ logs: ['ann'], text, limit: 1 })));
    return hits.flat().map(({ text }) => text);
  };
  return { clock, tell, start, found };
}

test('C13: what changes is gathered before it is indexed, and not all shards are written at the same time', async () => {
  const { clock, tell, start, found } = stage([0, 1]);
  start();
  await tell('early', 0);
  await tell('later', 1);
  await clock.advance(GATHER_MS / 2 - 10);
  expect(await found('early', 'later')).toEqual([]);
  await clock.advance(20);
  expect(await found('early', 'later')).toEqual(['early']);
  await clock.advance(GATHER_MS);
  expect(await found('early', 'later')).toEqual(['early', 'later']);
});

test('C13: what has waited on the bus is indexed at once', async () => {
  const { clock, tell, start, found } = stage([1, 1]);
  await tell('old', 0);
  await clock.advance(10 * GATHER_MS);
  start();
  await clock.advance(1);
  expect(await found('old')).toEqual(['old']);
});
