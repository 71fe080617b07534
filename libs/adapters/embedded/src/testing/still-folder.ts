import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupSource } from '../index.ts';

/** The files of a data folder that no process has open. */
export const stillFolder: BackupSource = {
  async whileStill(dataDir, read) {
    const opened = ['bus.db', 'store.db'].map(async (name) => {
      const path = join(dataDir, name);
      const handle = await open(path);
      return { name, path, bytes: (await handle.stat()).size, handle };
    });
    const files = await Promise.all(opened);
    try {
      return await read(files);
    } finally {
      for (const { handle } of files) await handle.close();
    }
  },
};
