import { createManualClock } from '@chasqui/contracts';
import { silentLogger } from '@chasqui/kit';
import type { BlobKey, BlobStore } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { type BlobList, BlobSweeper } from './blob-sweeper.ts';

test('C16: what is due goes in one round, however much it is; what cannot be removed stays and is tried again', async () => {
  const clock = createManualClock();
  const due = Array.from({ length: 250 }, (_, n) => `p${n}` as BlobKey);
  let stuck = true;
  const list: BlobList = {
    due: async (_, limit) => due.slice(0, limit),
    async strike(gone) {
      for (const key of gone) due.splice(due.indexOf(key), 1);
    },
  };
  const blobs: Pick<BlobStore, 'remove'> = {
    async remove(key) {
      if (stuck && key === 'p220') throw new Error('it cannot be removed');
    },
  };
  await using sweeper = new BlobSweeper({ clock, lists: [list], blobs, logger: silentLogger });
  sweeper.start();
  await clock.advance(60_000);
  expect(due[0]).toBe('p220');
  expect(due).toHaveLength(30);
  stuck = false;
  await clock.advance(60_000);
  expect(due).toEqual([]);
});
