import { createManualClock } from '@chasqui/contracts';
import type { PictureId } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type { BlobStore, MomentPictures } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { PictureSweeper } from './picture-sweeper.ts';

test('C16: what is due goes in one round, however much it is; what cannot be removed stays and is tried again', async () => {
  const clock = createManualClock();
  const due = Array.from({ length: 250 }, (_, n) => `p${n}` as PictureId);
  let stuck = true;
  const momentPictures: Pick<MomentPictures, 'due' | 'strike'> = {
    due: async (_, limit) => due.slice(0, limit),
    async strike(gone) {
      for (const pictureId of gone) due.splice(due.indexOf(pictureId), 1);
    },
  };
  const blobs: Pick<BlobStore, 'remove'> = {
    async remove(key) {
      if (stuck && key === 'p220') throw new Error('it cannot be removed');
    },
  };
  await using sweeper = new PictureSweeper({
    clock,
    momentPictures: momentPictures as MomentPictures,
    blobs: blobs as BlobStore,
    logger: silentLogger,
  });
  sweeper.start();
  await clock.advance(60_000);
  expect(due[0]).toBe('p220');
  expect(due).toHaveLength(30);
  stuck = false;
  await clock.advance(60_000);
  expect(due).toEqual([]);
});
