import { existsSync } from 'node:fs';
import { constants, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_VERSIONS } from '@chasqui/embedded';
import { type Filled, type Filling, fillStore } from './fill-store.ts';

/** A filled store that later runs use again. */
export interface KeptStore extends Filled {
  folder: string;
}

/** Changed with what is written: a store of another plan is not used again. */
const PLAN = 1;

/** Fills a store below `root` unless it has one of this size, plan and version of the files. */
export async function keptStore(root: string, { users, stored, say }: Omit<Filling, 'dataDir'>): Promise<KeptStore> {
  const versions = Object.values(FILE_VERSIONS).join('.');
  const folder = join(root, `stored-${versions}-${PLAN}-${users}-${stored}`);
  const noted = `${folder}.json`;
  if (existsSync(noted)) return JSON.parse(await readFile(noted, 'utf8')) as KeptStore;
  const partial = `${folder}.partial`;
  for (const former of [partial, folder]) await rm(former, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  const kept: KeptStore = { folder, ...(await fillStore({ dataDir: partial, users, stored, say })) };
  await rename(partial, folder);
  await writeFile(noted, JSON.stringify(kept));
  return kept;
}

/** A copy beside it, which a server may change and which replaces that of a run that was killed. */
export async function copyOf({ folder }: KeptStore): Promise<string> {
  const copy = `${folder}.copy`;
  await rm(copy, { recursive: true, force: true });
  await cp(folder, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
  return copy;
}
