import { chmodSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Clock, ImError } from '@chasqui/domain';
import { sleep } from '@chasqui/kit/base';
import { BUS_FILE, STORE_FILE } from '../damage/check-folder.ts';
import type { CopyOperations } from '../sqlite/file-copier.ts';
import { damaged } from '../sqlite/file-faults.ts';
import type { Caller } from '../worker-link/caller.ts';

/** The interval at which a copy's progress is polled, in ms. */
const LOOK_MS = 100;

export interface BackupSource {
  /**
   * Copies the files of bus and store into a folder that has neither, while they are in use. The bus is copied first:
   * work that the store's copy lacks is then still pending in the bus's copy. So every message that was acked before
   * the copy began is in one of them. The copies carry no epoch: the next opening gives the inboxes a new one (C10).
   * The search index is left out, as it is rebuilt. Errors: `store_unavailable` or `bus_unavailable`; `data_damaged`
   * for a copy that is not sound.
   */
  backup(folder: string): Promise<void>;
}

interface Sources {
  log: Caller<CopyOperations>;
  stores: Caller<CopyOperations>;
  clock: Clock;
}

/** See `BackupSource.backup`. */
export async function copyEngines({ log, stores, clock }: Sources, folder: string): Promise<void> {
  for (const [source, file] of [
    [log, BUS_FILE],
    [stores, STORE_FILE],
  ] as const) {
    const path = join(folder, file);
    await copy(source, path, clock);
    await finish(path);
  }
}

async function copy(source: Caller<CopyOperations>, path: string, clock: Clock): Promise<void> {
  await source.call('copy.start', path);
  for (;;) {
    const state = await source.call('copy.state', null);
    if (state.type === 'done') return;
    if (state.type === 'failed') throw new ImError('store_unavailable', `${path} cannot be written: ${state.reason}`);
    await sleep(clock, LOOK_MS);
  }
}

/** Removes what applies to the original alone, checks the whole copy, and syncs it. */
async function finish(path: string): Promise<void> {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA journal_mode=DELETE; DELETE FROM witness');
    if (path.endsWith(STORE_FILE)) db.exec("DELETE FROM meta WHERE key IN ('epoch', 'recorded')");
    const found = db.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    if (found !== 'ok') {
      const how = `is damaged (${found}), and so is the original: restart the server to see what to do`;
      throw damaged(path, how, { way: 'none' });
    }
  } finally {
    db.close();
  }
  chmodSync(path, 0o600);
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
