import type { SnapshotOperations } from '../sqlite/file-snapshot.ts';

/** The topics, groups and positions in the log, from which the bus starts. */
export interface LogState {
  topics: { id: number; name: string; shards: number }[];
  groups: { id: number; topic: number; name: string }[];
  /** The next offset of each group. */
  positions: { group: number; stream: number; offset: number }[];
  /** The oldest offset kept and the next one; streams without entries are left out. */
  streams: { stream: number; first: number; next: number }[];
  /** When the newest delayed message was published; 0: there is none. */
  delayedAt: number;
  /** Unix ms at which the first delayed message is due; null: there is none. */
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
  /** The number of rows removed; if it equals the limit, there may be more. */
  removed: number;
  /** The oldest offset now kept, for the streams that were trimmed. */
  firsts: { stream: number; first: number }[];
}

/** The operations of the bus worker. A stream is one shard of one topic; see `streamOf`. */
export type LogOperations = SnapshotOperations & {
  ping(args: null): null;
  /** Returns the offset. Errors: `overloaded`. */
  append(args: [stream: number, body: string]): number;
  /** Keeps a message until `due`. Errors: `overloaded`. */
  /** `at`: Unix ms of a steady clock, as is `due`. */
  delay(args: [stream: number, body: string, due: number, at: number]): null;
  /** Moves the due messages into the log. */
  /** `now`: on the same clock as `due`. */
  release(args: { limit: number; now: number }): { moved: (LogEntry & { stream: number })[]; nextDue: number | null };
  /** Entries from an offset on, without gaps; at least one if there is one. */
  read(args: [stream: number, from: number, limit: number, maxCharacters: number]): LogEntry[];
  /** Registers a group and returns its number. */
  join(args: [topic: number, group: string]): number;
  /** Repeated triples: group, stream, next offset. */
  advance(args: number[]): null;
  /** Copies an entry to the dead letters, and advances the position past it. */
  bury(args: [group: number, stream: number, offset: number, error: string]): null;
  deadLetters(args: [group: number, limit: number]): DeadEntry[];
  /** Unix ms at which the first entry at or after the offset was published; null: there is none. */
  publishedAt(args: [stream: number, offset: number]): number | null;
  trim(args: { retentionMs: number; limit: number }): TrimReport;
};

/** The maximum of shards of a topic. */
export const MAX_SHARDS = 1_024;

export function streamOf(topic: number, shard: number): number {
  return topic * MAX_SHARDS + shard;
}
