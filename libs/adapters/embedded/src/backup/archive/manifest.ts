import { createHash } from 'node:crypto';
import type { PieceName } from './piece.ts';

export const SECRETS_FILE = 'secrets.json';
export const PICTURES_FOLDER = 'blobs';
/** The paths that a backup may contain: none leads outside of it. */
export const HELD = /^(?:store\.db|bus\.db|secrets\.json|blobs\/(?!(?:.*\/)?\.\.(?:\/|$)).+)$/;

export interface HeldFile {
  bytes: number;
  /** When the original was changed last, in ms: one of the same length and time is not read again. 0: always read. */
  changedAt: number;
  lists: PieceName[];
}

/** What a backup consists of. */
export interface Manifest {
  /** ISO 8601: everything that was acked before this time is in the backup. */
  at: string;
  /** By path, relative to the data folder. */
  files: Map<string, HeldFile>;
}

/** A line of JSON, and its SHA-256. */
export function manifestText({ at, files }: Manifest): string {
  const named = [...files].map(([path, { bytes, changedAt, lists }]) => [
    path,
    { bytes, changedAt, lists: lists.map((list) => Buffer.from(list, 'latin1').toString('base64')) },
  ]);
  const line = JSON.stringify({ at, files: Object.fromEntries(named) });
  return `${line}\n${digestOf(line)}\n`;
}

/** Null: the text is damaged, or names what does not belong in a backup. */
export function manifestOf(text: string): Manifest | null {
  const [line = '', digest] = text.split('\n');
  if (digest !== digestOf(line)) return null;
  const { at, files } = JSON.parse(line) as { at: string; files: { [path: string]: HeldFile } };
  const paths = Object.keys(files);
  if (!paths.every((path) => HELD.test(path))) return null;
  const named = paths.map((path) => {
    const { bytes = 0, changedAt = 0, lists = [] } = files[path] ?? {};
    return [path, { bytes, changedAt, lists: lists.map((list) => Buffer.from(list, 'base64').toString('latin1')) }];
  });
  return { at, files: new Map(named as [string, HeldFile][]) };
}

function digestOf(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}
