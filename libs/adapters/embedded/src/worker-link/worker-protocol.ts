import type { CommitMarks, Witness } from '../damage/commit-counter.ts';
import type { WireError } from './wire-error.ts';

/** To the worker: one turn's calls, in order. Flat arrays clone faster than objects. */
export interface CallParcel {
  /** Unix ms by the caller's clock. */
  now: number;
  /** Repeated triples: number, operation, argument. */
  calls: unknown[];
  /** Commits of all files known to be on disk. */
  marks: CommitMarks;
  /** After these calls, close the files, answer this call and end. */
  close?: number;
}

/** From the worker. */
export type WorkerReport =
  /** The worker is open; `state` is the engine's, `witness` its file's. */
  | { type: 'ready'; state: unknown; witness: Witness }
  /** The worker upgrades its file to this version, which may take long; `done` is the progress. */
  | { type: 'upgrading'; done: string }
  /** The worker cannot open, and ends. */
  | { type: 'refused'; error: WireError }
  /** Repeated pairs: number, result; all of one commit. `commits`: the file's commits so far. */
  | { type: 'results'; results: unknown[]; commits: number }
  /** The worker's file is damaged. */
  | { type: 'damaged'; error: WireError }
  /** Rows of the file that were found damaged, each once. */
  | { type: 'damagedRows'; rows: string[] }
  /** Repeated pairs: number, error. */
  | { type: 'errors'; errors: (number | WireError)[] };
