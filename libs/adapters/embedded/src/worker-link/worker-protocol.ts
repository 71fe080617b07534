import type { CommitMarks, Witness } from '../damage/commit-counter.ts';
import type { WireError } from './wire-error.ts';

/** To the worker: one turn's calls, in order. Flat arrays clone faster than objects. */
export interface CallParcel {
  /** Unix ms by the caller's clock. */
  now: number;
  /** Number, operation, arguments, and again. */
  calls: unknown[];
  /** Commits of all files that are known to be on the disk. */
  marks: CommitMarks;
  /** After these calls, close the files, answer this call and end. */
  close?: number;
}

/** From the worker. */
export type WorkerReport =
  /** It is open; `state` is what it found, `witness` what its file says of commits. */
  | { type: 'ready'; state: unknown; witness: Witness }
  /** It brings its file over to this version, which takes long; so much is done. */
  | { type: 'upgrading'; done: string }
  /** It cannot open and ends. */
  | { type: 'refused'; error: WireError }
  /** Number, result, and again; all of one commit. `commits`: how many the file has by now. */
  | { type: 'results'; results: unknown[]; commits: number }
  /** Its file is damaged. */
  | { type: 'damaged'; error: WireError }
  /** Rows of its file that were found damaged, each once. */
  | { type: 'damagedRows'; rows: string[] }
  /** Number, error, and again. */
  | { type: 'errors'; errors: (number | WireError)[] };
