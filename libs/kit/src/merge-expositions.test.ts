import { expect, test } from 'vitest';
import { mergeExpositions } from './merge-expositions.ts';
import { createMetrics } from './metrics.ts';
import { VERSION } from './version.ts';

test('several apps are one exposition: each metric is described once, and no sample is missing', async () => {
  const apps = [
    createMetrics({ app: 'connect', instance: '1' }),
    createMetrics({ app: 'connect', instance: '2' }),
    createMetrics({ app: 'push' }),
  ];
  for (const [n, metrics] of apps.entries()) metrics.gauge('sessions', 'Sessions', () => n);
  const merged = mergeExpositions(await Promise.all(apps.map(async (metrics) => (await metrics.expose()).body)));
  expect(merged.match(/^# (HELP|TYPE) chasqui_sessions .*$/gm)).toEqual([
    '# HELP chasqui_sessions Sessions',
    '# TYPE chasqui_sessions gauge',
  ]);
  expect(merged.match(/^chasqui_sessions.*$/gm)).toEqual([
    'chasqui_sessions{app="connect",node="1"} 0',
    'chasqui_sessions{app="connect",node="2"} 1',
    'chasqui_sessions{app="push"} 2',
  ]);
  expect(merged).toContain(`chasqui_build_info{version="${VERSION}",app="push"} 1`);
});
