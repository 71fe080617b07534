import { createManualClock, groupNodesContract } from '@chasqui/contracts';
import { expect, test } from 'vitest';
import { createMemoryGroupNodes } from './group-nodes.ts';

const clock = createManualClock();

groupNodesContract('memory', {
  clock,
  advance: clock.advance,
  create: async () => createMemoryGroupNodes({ clock }),
});

const HOUR = 3_600_000;

test('a subscription lapses an hour after it was last made', async () => {
  const nodes = createMemoryGroupNodes({ clock });
  await nodes.subscribe('n1', ['g']);
  await nodes.subscribe('n2', ['g']);
  await clock.advance(HOUR - 1);
  await nodes.subscribe('n2', ['g']);
  expect(await nodes.nodesOf(['g'])).toEqual([['n1', 'n2']]);
  await clock.advance(1);
  expect(await nodes.nodesOf(['g'])).toEqual([['n2']]);
});

test('C16: at the bound what has lapsed is forgotten, then new subscriptions are refused', async () => {
  const nodes = createMemoryGroupNodes({ clock, maxSubscriptions: 2 });
  await nodes.subscribe('n1', ['g1', 'g2']);
  await nodes.subscribe('n1', ['g1']);
  await expect(nodes.subscribe('n2', ['g1'])).rejects.toMatchObject({ code: 'presence_unavailable' });
  await clock.advance(HOUR);
  await nodes.subscribe('n2', ['g1', 'g2']);
  expect(await nodes.nodesOf(['g1', 'g2'])).toEqual([['n2'], ['n2']]);
  await nodes.unsubscribe('n2', ['g1']);
  await nodes.subscribe('n3', ['g3']);
});
