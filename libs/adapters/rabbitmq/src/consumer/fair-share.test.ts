import { expect, test } from 'vitest';
import { surplusOf } from './fair-share.ts';

const NOW = 100_000;
const lanes = (busy: number, idle: number) => [
  ...Array.from({ length: busy }, () => ({ handledAt: NOW - 1_000 })),
  ...Array.from({ length: idle }, () => ({ handledAt: NOW - 60_000 })),
];

test.each([
  // members, busy, idle, passed on
  [1, 16, 0, 0],
  [2, 16, 0, 8],
  [2, 8, 8, 0],
  [2, 9, 7, 1],
  [3, 16, 0, 10],
  [3, 6, 10, 0],
  [0, 16, 0, 0],
  [32, 2, 14, 1],
])(
  'of %i members, one that is busy with %i of its shards and idle with %i passes %i on',
  (members, busy, idle, surplus) => {
    expect(surplusOf(lanes(busy, idle), members, NOW)).toHaveLength(surplus);
  },
);
