import { createMetrics, systemClock } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { watchBacklog } from './watch-backlog.ts';

test('what waits is that of now, by topic and group, and there is no value while the bus is away', async () => {
  const metrics = createMetrics({ app: 'test' });
  let waiting = 5;
  let isAway = false;
  const lag = async () => {
    if (isAway) throw new Error('away');
    return [waiting, 3].map((n, shard) => ({ shard, waiting: n, oldestMs: n * 1_000 }));
  };
  const bus = { lag, deadLetters: async () => [] };
  watchBacklog({ metrics, clock: systemClock }, bus, { groups: [{ topic: 't', group: 'g' }], deadLetters: true });
  const samples = async () => (await metrics.expose()).body.match(/^chasqui_bus_.*$/gm);
  const labels = '{topic="t",group="g",app="test"}';
  const dead = `chasqui_bus_dead_letters${labels} 0`;
  expect(await samples()).toEqual([`chasqui_bus_waiting${labels} 8`, `chasqui_bus_oldest_seconds${labels} 5`, dead]);
  waiting = 40;
  expect(await samples()).toEqual([`chasqui_bus_waiting${labels} 43`, `chasqui_bus_oldest_seconds${labels} 40`, dead]);
  isAway = true;
  expect(await samples()).toEqual([dead]);
});
