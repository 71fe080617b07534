import { createManualClock } from '@chasqui/contracts';
import { directConversation } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { BlockList } from './block-list.ts';

/** `blocking`: pairs of who blocks whom, as two words. */
function listOf(...given: string[]) {
  const blocking = new Set(given);
  const reads: number[] = [];
  const list = new BlockList({
    clock: createManualClock(),
    logger: silentLogger,
    blocks: {
      async blocked(pairs) {
        reads.push(pairs.length);
        return pairs.map(({ userId, other }) => blocking.has(`${userId} ${other}`));
      },
    },
  });
  const between = (asker: string, other: string) => list.between(directConversation(asker, other), asker);
  return { list, blocking, reads, between };
}

test('a block is known to both users as what it is to them', async () => {
  const { between } = listOf('bob ann', 'cat dan', 'dan cat', 'eve fay');
  for (const [asker, other, expected] of [
    ['ann', 'bob', 'other'],
    ['bob', 'ann', 'asker'],
    ['cat', 'dan', 'asker'],
    ['dan', 'cat', 'asker'],
    ['eve', 'fay', 'asker'],
    ['fay', 'eve', 'other'],
    ['ann', 'cat', 'nobody'],
  ] as const) {
    expect(await between(asker, other), `${asker} asks about ${other}`).toBe(expected);
  }
});

test('two users are read once, for both directions, and then known to both', async () => {
  const { between, reads } = listOf('bob ann');
  expect(await Promise.all([between('ann', 'bob'), between('bob', 'ann'), between('ann', 'cat')])).toEqual([
    'other',
    'asker',
    'nobody',
  ]);
  expect(reads).toEqual([4]);
  expect([between('ann', 'bob'), between('cat', 'ann')]).toEqual(['other', 'nobody']);
});

test.each(['ann', 'bob'])('what %s changed is read again, whoever of the two asks', async (changed) => {
  const { list, between, blocking } = listOf();
  expect([await between('ann', 'bob'), await between('ann', 'cat')]).toEqual(['nobody', 'nobody']);
  blocking.add('bob ann');
  list.outdate(changed);
  expect([await between('ann', 'bob'), await between('bob', 'ann')]).toEqual(['other', 'asker']);
});
