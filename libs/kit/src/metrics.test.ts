import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('a tally counts by label, and each scrape shows all that was counted so far', async () => {
  const metrics = createMetrics({ app: 'test' });
  const count = metrics.tally('things_total', 'Things', 'kind');
  count('a');
  count('a', 2);
  count('b');
  for (let scrape = 0; scrape < 2; scrape++) {
    const { body } = await metrics.expose();
    expect(body.split('\n').filter((line) => line.startsWith('chasqui_things'))).toEqual([
      'chasqui_things_total{kind="a",app="test"} 3',
      'chasqui_things_total{kind="b",app="test"} 1',
    ]);
  }
});
