import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { makePrivateFile } from '@chasqui/kit/base';
import { Database, type DatabaseOptions, type Told } from './database.ts';
import { openingFault } from './file-faults.ts';
import { type LongStep, UpgradeWork } from './upgrade-work.ts';

/** The files beside one that is being upgraded. */
const draftOf = (path: string) => `${path}.upgrade`;
const copyOf = (path: string) => `${path}.upgrade-copy`;
/** Says of which file the draft is. */
const originOf = (path: string) => `${path}.upgrade-of`;

export interface DraftOptions extends Omit<DatabaseOptions, 'steps' | 'told' | 'version'> {
  /** The version to upgrade to. */
  version: number;
  /** The version of the file. */
  found: number;
  /** For each older version, from 1 on, the step to the next one. */
  steps: readonly (string | LongStep)[];
  told: Told;
  /** Rows per commit; for tests. */
  sliceRows?: number;
  /** Called before the upgraded file takes the place of the old one. */
  beforeSwap?(): void;
}

/**
 * Upgrades a copy of a file, step by step, and then puts it in the file's place. Until then the file stays as it was: it
 * needs as much disk again. After a kill, the next call goes on with the copy, unless the file has changed meanwhile.
 * Errors: those of `Database`.
 */
export function upgradeDraft(options: DraftOptions): void {
  const { path, found, version, schema, cacheKiB, told, beforeSwap } = options;
  told(`schema ${found} to ${version}`);
  // Checks the whole file, and moves its log into it.
  new Database({ path, version: found, schema, cacheKiB }).close();
  if (!isDraftOf(path)) beginDraft(path, told);
  try {
    runSteps(options);
  } catch (error) {
    const fault = openingFault(path, error);
    // The next start begins anew: the copy may be what is damaged.
    if (fault.code === 'data_damaged') removeDraft(path);
    throw fault;
  }
  beforeSwap?.();
  told('the upgraded file takes its place');
  renameSync(draftOf(path), path);
  sync(dirname(path));
  removeDraft(path);
}

function runSteps({ path, version, schema, cacheKiB, steps, told, sliceRows }: DraftOptions): void {
  const db = new Database({ path: draftOf(path), shownAs: path, version: 'any', schema, cacheKiB });
  try {
    // A commit is not synced: after a loss of power, the copy is as some commit left it. It is synced at the end.
    db.exec('PRAGMA synchronous=NORMAL');
    const work = new UpgradeWork(db, told, sliceRows);
    for (let at = db.number('PRAGMA user_version'); at < version; at++) {
      const step = steps[at - 1] ?? '';
      db.exec('BEGIN');
      if (typeof step === 'string') db.exec(step);
      else step(db, told, work);
      work.stepDone();
      db.forgetStatements();
      db.exec(`PRAGMA user_version=${at + 1}; COMMIT`);
      told(`schema ${at + 1} of ${version}`);
    }
    work.allDone();
  } finally {
    db.close();
  }
}

/** Removes what is left of an upgrade. */
export function removeDraft(path: string): void {
  for (const name of [copyOf(path), draftOf(path), `${draftOf(path)}-wal`, `${draftOf(path)}-shm`, originOf(path)]) {
    rmSync(name, { force: true });
  }
}

function isDraftOf(path: string): boolean {
  return (
    statSync(draftOf(path), { throwIfNoEntry: false }) !== undefined &&
    statSync(originOf(path), { throwIfNoEntry: false }) !== undefined &&
    readFileSync(originOf(path), 'utf8') === identityOf(path)
  );
}

/** Copies the file; where the file system can share the content of files, at once. */
function beginDraft(path: string, told: Told): void {
  removeDraft(path);
  told(`copying ${statSync(path).size} bytes`);
  makePrivateFile(originOf(path));
  writeFileSync(originOf(path), identityOf(path));
  sync(originOf(path));
  makePrivateFile(copyOf(path));
  copyFileSync(path, copyOf(path), constants.COPYFILE_FICLONE);
  sync(copyOf(path));
  told('copied');
  renameSync(copyOf(path), draftOf(path));
  sync(dirname(path));
}

/** A file that was written to meanwhile has another one. */
function identityOf(path: string): string {
  const { ino, size, mtimeNs } = statSync(path, { bigint: true });
  return [ino, size, mtimeNs].join(' ');
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
