import { DEFAULT_LIMITS } from '@chasqui/domain';
import { assemble, createMetrics, silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { openConsumerStatus } from './open-consumer-status.ts';

function runtime() {
  const parts = { clock: systemClock, random: systemRandom, limits: DEFAULT_LIMITS, logger: silentLogger };
  return { ...parts, nodeId: 'test-1', metrics: createMetrics({ app: 'test' }) };
}

const gaugeOf = async (metrics: ReturnType<typeof createMetrics>, name: string) =>
  (await metrics.expose()).body.match(new RegExp(`^chasqui_${name}\\{[^}]*\\} (.*)$`, 'm'))?.[1];

test('a consumer tells which engine is away, what stands still, and what else goes wrong', async () => {
  const shared = runtime();
  const stalled = ['shard 3 stands still'];
  let isAway = false;
  const ping = async () => {
    if (isAway) throw new Error('away');
  };
  await using app = await assemble((stack) =>
    openConsumerStatus(stack, shared, {
      config: { host: '127.0.0.1', statusPort: 0 },
      engines: { bus: { ping } },
      troubles: () => ({ stalled, newer: [] }),
      degraded: () => ['the database went back in time'],
    }),
  );
  const ready = async () => {
    const response = await fetch(`http://127.0.0.1:${app.statusPort}/readyz`);
    return [response.status, await response.json()];
  };
  const degraded = ['shard 3 stands still', 'the database went back in time'];
  expect(await ready()).toEqual([200, { status: 'degraded', missing: [], degraded }]);
  expect(app.degraded()).toEqual(degraded);
  expect(await gaugeOf(shared.metrics, 'stalled_shards')).toBe('1');
  isAway = true;
  expect(await ready()).toEqual([503, { status: 'not ready', missing: ['bus'], degraded }]);
});
