import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import { BUS_FILE, STORE_FILE } from '../damage/check-folder.ts';
import { isArchive, openArchive, readBackup } from './archive/archive.ts';
import { writeFileOf } from './archive/file-pieces.ts';
import { FORMER_LIST, openFormerBackup } from './former-backup.ts';
import { isDamaged, type OpenedBackup } from './opened-backup.ts';

/** `name`: one of the backups in the folder; default: the newest. Errors: `config_invalid`. */
export async function openBackup(folder: string, name?: string): Promise<OpenedBackup> {
  const isFormer = await stat(join(folder, FORMER_LIST)).then(
    () => true,
    () => false,
  );
  if (isFormer && name === undefined) return openFormerBackup(folder);
  if (!(await isArchive(folder))) {
    throw invalid(`${folder} is not a complete backup: it has neither the folder backups nor ${FORMER_LIST}`);
  }
  await using stack = new AsyncDisposableStack();
  const { shelf, names } = stack.use(await openArchive(folder));
  const chosen = name ?? names.at(-1);
  if (chosen === undefined) throw invalid(`${folder} has no complete backup`);
  if (!names.includes(chosen)) throw invalid(`${folder} has no backup ${chosen}: it has ${names.join(', ')}`);
  const manifest = await readBackup(folder, chosen);
  const damage = (how: string) => isDamaged(`${chosen} in ${folder}`, how);
  if (manifest === null) throw damage('its list of files cannot be read');
  for (const required of [STORE_FILE, BUS_FILE]) {
    if (!manifest.files.has(required)) throw damage(`it has no ${required}`);
  }
  const owned = stack.move();
  return {
    at: manifest.at,
    files: new Map([...manifest.files].map(([path, { bytes }]) => [path, bytes])),
    async write(path, to) {
      const { lists = [], bytes = 0 } = manifest.files.get(path) ?? {};
      if (!(await writeFileOf(lists, bytes, { shelf, path: to })))
        throw damage(`pieces of ${path} are missing or changed`);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function invalid(message: string): ImError {
  return new ImError('config_invalid', message, { field: 'backup' });
}
