import { expect, test } from 'vitest';
import { shardGroups } from './shard-groups.ts';

test('each shard has a group of its own, short enough for the engine, for any number of shards', () => {
  for (const shards of [1, 2, 7, 16, 256]) {
    const groups = shardGroups(shards);
    expect(new Set(groups).size).toBe(shards);
    expect(Math.max(...groups.map((group) => group.length))).toBeLessThan(64);
  }
});

test('the groups never change: events that are on the bus would change places', () => {
  expect(shardGroups(4)).toMatchInlineSnapshot(`
    [
      "shard-0.0",
      "shard-1.2",
      "shard-2.0",
      "shard-3.2",
    ]
  `);
});
