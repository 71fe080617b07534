import { crc32 } from 'node:zlib';
import type { Database } from '../../sqlite/database.ts';
import { damagedContent } from '../../sqlite/file-faults.ts';

/** Block numbers of one segment; those of slots begin in the middle. */
const BLOCKS = 2 ** 20;
export const FIRST_SLOT_BLOCK = BLOCKS / 2;

export interface SegmentRow {
  number: number;
  size: number;
  low: number;
  high: number;
  /** The first word of each block. */
  firsts: Uint8Array;
}

/** The tables of one index: its segments, their blocks, and which slots no segment has yet. */
export class IndexTables {
  readonly #db: Database;
  readonly #segments: string;
  readonly #blocks: string;
  readonly #recent: string;

  constructor(db: Database, generation: number) {
    this.#db = db;
    this.#segments = `segments_${generation}`;
    this.#blocks = `blocks_${generation}`;
    this.#recent = `recent_${generation}`;
  }

  create(): void {
    this.#db.exec(`
      CREATE TABLE ${this.#segments} (number INTEGER PRIMARY KEY, size INTEGER NOT NULL, low INTEGER NOT NULL,
        high INTEGER NOT NULL, checksum INTEGER NOT NULL, firsts BLOB NOT NULL);
      CREATE TABLE ${this.#blocks} (number INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, bytes BLOB NOT NULL);
      CREATE TABLE ${this.#recent} (number INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, slots BLOB NOT NULL)`);
  }

  drop(): void {
    for (const table of [this.#segments, this.#blocks, this.#recent]) this.#db.exec(`DROP TABLE IF EXISTS ${table}`);
  }

  segments(): SegmentRow[] {
    const rows = this.#db.all(`SELECT number, size, low, high, checksum, firsts FROM ${this.#segments}`);
    return rows.map((row) => {
      const [number, size, low, high, checksum] = row as number[] as [number, number, number, number, number];
      return { number, size, low, high, firsts: this.#sound(row[5] as Uint8Array, checksum) };
    });
  }

  addSegment({ number, size, low, high, firsts }: SegmentRow): void {
    const sql = `INSERT INTO ${this.#segments} (number, size, low, high, checksum, firsts) VALUES (?, ?, ?, ?, ?, ?)`;
    this.#db.run(sql, number, size, low, high, crc32(firsts), firsts);
  }

  removeSegment(number: number): void {
    this.#db.run(`DELETE FROM ${this.#segments} WHERE number = ?`, number);
  }

  block(segment: number, block: number): Uint8Array {
    const sql = `SELECT checksum, bytes FROM ${this.#blocks} WHERE number = ?`;
    const [checksum, bytes] = this.#db.get(sql, segment * BLOCKS + block) ?? [];
    return this.#sound(bytes as Uint8Array | undefined, checksum as number);
  }

  addBlock(segment: number, block: number, bytes: Uint8Array): void {
    const sql = `INSERT INTO ${this.#blocks} (number, checksum, bytes) VALUES (?, ?, ?)`;
    this.#db.run(sql, segment * BLOCKS + block, crc32(bytes), bytes);
  }

  /** Removes up to `limit` blocks of a segment; returns how many there were. */
  removeBlocks(segment: number, limit: number): number {
    const sql = `DELETE FROM ${this.#blocks} WHERE number IN
      (SELECT number FROM ${this.#blocks} WHERE number >= ? AND number < ? LIMIT ?)`;
    return this.#db.run(sql, segment * BLOCKS, (segment + 1) * BLOCKS, limit);
  }

  /** Removes blocks of segments that were not completed, or not removed completely. */
  removeOtherBlocks(segments: readonly number[]): void {
    const kept = segments.map((number) => `number NOT BETWEEN ${number * BLOCKS} AND ${(number + 1) * BLOCKS - 1}`);
    this.#db.exec(`DELETE FROM ${this.#blocks} WHERE ${kept.join(' AND ') || 'TRUE'}`);
  }

  recent(): Uint8Array[] {
    const rows = this.#db.all(`SELECT checksum, slots FROM ${this.#recent} ORDER BY number`);
    return rows.map(([checksum, slots]) => this.#sound(slots as Uint8Array, checksum as number));
  }

  /** Returns the number of the row. */
  addRecent(slots: Uint8Array): number {
    const sql = `INSERT INTO ${this.#recent} (checksum, slots) VALUES (?, ?)`;
    return this.#db.insert(sql, crc32(slots), slots);
  }

  removeRecent(upTo: number): void {
    this.#db.run(`DELETE FROM ${this.#recent} WHERE number <= ?`, upTo);
  }

  #sound(bytes: Uint8Array | undefined, checksum: number): Uint8Array {
    if (bytes === undefined || crc32(bytes) !== checksum) throw damagedContent('a block of words is not as written');
    return bytes;
  }
}
