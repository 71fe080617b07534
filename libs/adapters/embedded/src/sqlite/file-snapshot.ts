import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { ImError } from '@chasqui/domain';
import type { Database } from './database.ts';

/** A file that does not change, because commits stay in its write-ahead log. */
export interface SnapshotOfFile {
  id: string;
  /** Its inode and length: whoever reads the file by its path can tell that it is this one. */
  inode: number;
  bytes: number;
}

/** All are answered outside transactions. */
export type SnapshotOperations = {
  /** Moves the log into the file, and leaves the file alone from then on. Ends an earlier snapshot. */
  'snapshot.begin'(args: null): SnapshotOfFile;
  /** Whether the snapshot still holds; it then does for another minute. */
  'snapshot.keep'(id: string): boolean;
  /** Ends it: the file changes again. Returns whether it held until now. */
  'snapshot.end'(id: string): boolean;
};

/** Whoever reads a snapshot renews it within this time, in ms: a reader that was killed does not. */
const LEASE_MS = 60_000;
/** The write-ahead log may grow to this length meanwhile; then the snapshot ends. */
const MAX_LOG_BYTES = 1024 ** 3;

interface Held {
  id: string;
  /** By `performance.now()`. */
  until: number;
}

/** The snapshot of an engine's file, for a backup of what is in use. */
export class FileSnapshot {
  readonly #db: Database;
  readonly #limits: { leaseMs: number; maxLogBytes: number };
  #held: Held | null = null;

  constructor(db: Database, limits = { leaseMs: LEASE_MS, maxLogBytes: MAX_LOG_BYTES }) {
    this.#db = db;
    this.#limits = limits;
  }

  /** Answers a call. Errors: `store_unavailable` when the log cannot be moved. */
  answer(op: keyof SnapshotOperations, id: string): SnapshotOfFile | boolean {
    if (op === 'snapshot.begin') return this.#begin();
    this.check();
    const holds = this.#held?.id === id;
    if (holds && this.#held !== null) this.#held.until = performance.now() + this.#limits.leaseMs;
    if (holds && op === 'snapshot.end') this.#end();
    return holds;
  }

  /** Called after each transaction: ends a snapshot that nobody renews, or that lasts too long. */
  check(): void {
    if (this.#held === null) return;
    if (performance.now() > this.#held.until || this.#db.logBytes() > this.#limits.maxLogBytes) this.#end();
  }

  #begin(): SnapshotOfFile {
    if (!this.#db.standStill()) throw new ImError('store_unavailable', `${this.#db.path} is busy: try again`);
    this.#held = { id: randomUUID(), until: performance.now() + this.#limits.leaseMs };
    const { ino: inode, size: bytes } = statSync(this.#db.path);
    return { id: this.#held.id, inode, bytes };
  }

  #end(): void {
    this.#held = null;
    this.#db.goOn();
  }
}

export function isSnapshotCall(op: string): op is keyof SnapshotOperations {
  return op.startsWith('snapshot.');
}
