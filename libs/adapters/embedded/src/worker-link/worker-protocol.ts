import type { WireError } from './wire-error.ts';

/** To the worker: one turn's calls, in order. Flat arrays clone faster than objects. */
export interface CallParcel {
  /** Unix ms by the caller's clock. */
  now: number;
  /** Number, operation, arguments, and again. */
  calls: unknown[];
  /** After these calls, close the files, answer this call and end. */
  close?: number;
}

/** From the worker. */
export type WorkerReport =
  /** It is open; `state` is what it found. */
  | { type: 'ready'; state: unknown }
  /** It cannot open and ends. */
  | { type: 'refused'; error: WireError }
  /** Number, result, and again; all of one commit. */
  | { type: 'results'; results: unknown[] }
  /** Number, error, and again. */
  | { type: 'errors'; errors: (number | WireError)[] };
