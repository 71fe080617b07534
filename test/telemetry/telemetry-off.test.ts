import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeEvents } from '@chasqui/core';
import { CONVERSATION_TOPIC } from '@chasqui/domain';
import { expect, it } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';
import { openDevice } from '../journeys/devices.ts';
import { startCollector } from './collector.ts';

async function loadedBy(...args: string[]): Promise<string[]> {
  const program = join(import.meta.dirname, 'loaded.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { timeout: 60_000 });
  return JSON.parse(stdout);
}

it('off, which it is by default, loads nothing of the SDK; on, it does', async () => {
  await using collector = await startCollector();
  const [off, on] = await Promise.all([loadedBy(), loadedBy(collector.url)]);
  expect(off).toEqual([]);
  expect(on).toEqual([
    'exporter-metrics-otlp-http',
    'exporter-metrics-otlp-proto',
    'exporter-trace-otlp-proto',
    'resources',
    'sdk-metrics',
    'sdk-trace',
  ]);
}, 90_000);

it('off, puts nothing into events', async () => {
  await using cluster = await startTestCluster();
  const fields = new Set<string>();
  await using _consumer = cluster.running.engines.bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'test',
    async handle(batch) {
      for (const { body } of batch)
        for (const event of decodeEvents(body)) for (const field in event as object) fields.add(field);
    },
  });
  using ann = await openDevice(cluster, { user: 'ann', node: 1 });
  await ann.client.send({ to: 'ben', content: { text: 'hello' } }).stored;
  await expect.poll(() => fields.has('message')).toBe(true);
  expect(fields.has('trace')).toBe(false);
});
