import { createManualClock } from '@chasqui/contracts';
import { silentLogger } from '@chasqui/kit';
import type { BlobKey, BlobStore } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { type BlobList, BlobSweeper } from './blob-sweeper.ts';

/** What is due, until it is struck. */
function listOf(due: BlobKey[]): BlobList {
  return {
    due: async (_, limit) => due.slice(0, limit),
    async strike(gone) {
      for (const key of gone) due.splice(due.indexOf(key), 1);
    },
  };
}

test('C16: what is due goes in one round, however much it is; what cannot be removed is tried again and holds up nothing', async () => {
  const clock = createManualClock();
  const due = Array.from({ length: 250 }, (_, n) => `p${n}` as BlobKey);
  let stuck = true;
  const list = listOf(due);
  const blobs: Pick<BlobStore, 'remove'> = {
    async remove(key) {
      if (stuck && key === 'p220') throw new Error('it cannot be removed');
    },
  };
  await using sweeper = new BlobSweeper({ clock, lists: [list], blobs, logger: silentLogger });
  sweeper.start();
  await clock.advance(60_000);
  expect(due).toEqual(['p220']);
  stuck = false;
  await clock.advance(60_000);
  expect(due).toEqual([]);
});

test('C16: a round ends when 100 cannot be removed, and tries each of them once', async () => {
  const clock = createManualClock();
  const due = Array.from({ length: 250 }, (_, n) => `p${n}` as BlobKey);
  const tried: BlobKey[] = [];
  const list: BlobList = { due: async (_, limit) => due.slice(0, limit), strike: async () => {} };
  const blobs: Pick<BlobStore, 'remove'> = {
    async remove(key) {
      tried.push(key);
      throw new Error('the store is away');
    },
  };
  await using sweeper = new BlobSweeper({ clock, lists: [list], blobs, logger: silentLogger });
  sweeper.start();
  await clock.advance(60_000);
  expect(tried).toEqual(due.slice(0, 100));
});

test('C16: more blobs that cannot be removed than a round tries keep none behind them, and go once they can', async () => {
  const clock = createManualClock();
  const due = Array.from({ length: 400 }, (_, n) => `p${n}` as BlobKey);
  let stuck = true;
  const list = listOf(due);
  const blobs: Pick<BlobStore, 'remove'> = {
    async remove(key) {
      if (stuck && Number(key.slice(1)) < 250) throw new Error('it cannot be removed');
    },
  };
  await using sweeper = new BlobSweeper({ clock, lists: [list], blobs, logger: silentLogger });
  sweeper.start();
  for (let round = 1; round <= 4; round++) await clock.advance(60_000);
  expect([due.length, sweeper.stuck]).toEqual([250, 250]);
  due.push('late' as BlobKey);
  await clock.advance(60_000);
  expect([due.length, due.includes('late' as BlobKey)]).toEqual([250, false]);
  stuck = false;
  await clock.advance(60_000);
  expect([due, sweeper.stuck]).toEqual([[], 0]);
});

test('C16: a store that is away for long is asked for a hundred blobs a round, and what is remembered is bounded', async () => {
  const clock = createManualClock();
  const due = Array.from({ length: 12_000 }, (_, n) => `p${n}` as BlobKey);
  let tries = 0;
  const list: BlobList = { due: async (_, limit) => due.slice(0, limit), strike: async () => {} };
  const blobs: Pick<BlobStore, 'remove'> = {
    async remove() {
      tries++;
      throw new Error('the store is away');
    },
  };
  await using sweeper = new BlobSweeper({ clock, lists: [list], blobs, logger: silentLogger });
  sweeper.start();
  for (let round = 1; round <= 110; round++) await clock.advance(60_000);
  expect([tries, sweeper.stuck]).toEqual([11_000, 10_000]);
});
