import type { CopyOperations } from '../sqlite/copy-operations.ts';

/** Which topics, groups and positions the log knows: what the bus starts from. */
export interface LogState {
  topics: { id: number; name: string; shards: number }[];
  groups: { id: number; topic: number; name: string }[];
  /** The next offset that each group has to do. */
  positions: { group: number; stream: number; offset: number }[];
  /** The oldest offset kept and the next one to be given; streams without any are left out. */
  streams: { stream: number; first: number; next: number }[];
  /** When the newest of the delayed messages was published; 0: there is none. */
  delayedAt: number;
  /** Unix ms of the first delayed message; null: none. */
  nextDue: number | null;
}

/** A message of the log; `offset` counts from 1 in its stream. */
export interface LogEntry {
  offset: number;
  body: string;
  /** Unix ms. */
  publishedAt: number;
}

export interface DeadEntry extends LogEntry {
  stream: number;
  error: string;
  at: number;
}

export interface TrimReport {
  /** Rows removed; as many as the limit: there may be more. */
  removed: number;
  /** The oldest offset now kept, of the streams that lost something. */
  firsts: { stream: number; first: number }[];
}

/** What the bus worker does. A stream is one shard of one topic; see `streamOf`. */
export type LogOperations = CopyOperations & {
  ping(args: null): null;
  /** The offset. Errors: `overloaded`. */
  append(args: [stream: number, body: string]): number;
  /** Keeps a message until `due`. Errors: `overloaded`. */
  /** `at`: Unix ms of a steady clock, as is `due`. */
  delay(args: [stream: number, body: string, due: number, at: number]): null;
  /** Moves what is due into the log. */
  /** `now`: as `due`. */
  release(args: { limit: number; now: number }): { moved: (LogEntry & { stream: number })[]; nextDue: number | null };
  /** Entries from an offset on, without gaps, at least one if there is one. */
  read(args: [stream: number, from: number, limit: number, maxCharacters: number]): LogEntry[];
  /** Makes a group known; its number. */
  join(args: [topic: number, group: string]): number;
  /** Group, stream and the next offset to do, and again. */
  advance(args: number[]): null;
  /** Copies an entry to the dead letters, and advances past it. */
  bury(args: [group: number, stream: number, offset: number, error: string]): null;
  deadLetters(args: [group: number, limit: number]): DeadEntry[];
  /** Unix ms of the publish of the first entry at or after the offset; null: none. */
  publishedAt(args: [stream: number, offset: number]): number | null;
  trim(args: { retentionMs: number; limit: number }): TrimReport;
};

/** Shards that a topic may have. */
export const MAX_SHARDS = 1_024;

export function streamOf(topic: number, shard: number): number {
  return topic * MAX_SHARDS + shard;
}
