import { defined } from '@chasqui/domain';
import type { Database } from '../sqlite/database.ts';
import type { Row } from './chunk.ts';
import type { ChunkTable } from './chunk-table.ts';
import { hashOf } from './filter.ts';
import { Merge } from './merge.ts';
import { merged } from './merged.ts';
import { lookUp, type Range, type Run, rowsBetween, rowsDown } from './run.ts';
import { REPLACED, RunWriter } from './run-writer.ts';

export interface TableOptions {
  /** The table's number in the file. Keys of a table begin with a number (see keys.ts). */
  family: number;
  /** Called when a merge begins; returns whether it keeps a row. Default: each. `isFull`: it is a merge of all rows. */
  keeping?(now: number, isFull: boolean): (row: Row) => boolean;
}

/** As many runs of a tier are merged into one of the next. */
const FAN_OUT = 16;

/** Rows of a run that was never merged, roughly: so many are flushed together. */
const FLUSHED_ROWS = 30_000;

/** The tier of a run of so many rows. */
export function tierOf(rows: number): number {
  return Math.max(0, Math.floor(Math.log(rows / FLUSHED_ROWS) / Math.log(FAN_OUT)));
}

/** Rows by key, in runs that are written once, in order, and merged in tiers. */
export class SortedTable {
  readonly family: number;
  readonly #db: Database;
  readonly #chunks: ChunkTable;
  readonly #keeping: NonNullable<TableOptions['keeping']>;
  /** The newest first. */
  #runs: Run[] = [];
  #merges: Merge[] = [];
  #isStopped = false;

  constructor(db: Database, chunks: ChunkTable, { family, keeping = () => () => true }: TableOptions) {
    this.#db = db;
    this.family = family;
    this.#chunks = chunks;
    this.#keeping = keeping;
  }

  get rows(): number {
    return this.#runs.reduce((sum, { rows }) => sum + rows, 0);
  }

  /**
   * Takes over the runs of the file. What was merged while older runs were, and outlived that merge, has a higher tier
   * than these: they get it too, so that the runs of a tier are adjacent in age.
   */
  reload(runs: readonly Run[]): void {
    let tier = 0;
    this.#runs = [...runs]
      .sort((a, b) => b.age - a.age)
      .map((run) => {
        tier = Math.max(tier, run.tier);
        return { ...run, tier };
      });
    this.#merges = [];
    this.#isStopped = false;
  }

  get(key: string): Buffer | undefined {
    const hash = hashOf(key, key.length);
    for (const run of this.#runs) {
      const value = lookUp({ chunks: this.#chunks, run }, key, hash);
      if (value !== undefined) return value ?? undefined;
    }
    return undefined;
  }

  /** The rows of a range in the order of their keys, or with the highest first. */
  *between(range: Range, isReverse = false): Iterable<[key: string, value: Buffer]> {
    const walk = isReverse ? rowsDown : rowsBetween;
    const sources = this.#runs.map((run) => walk({ chunks: this.#chunks, run }, range));
    for (const [key, value] of merged(sources, isReverse)) if (value !== null) yield [key, value];
  }

  /** A run for rows that are newer than all others; to be given to `add`. `tier`: as if they had been merged. */
  begin(tier = 0): RunWriter {
    return this.#writer(tier);
  }

  add(writer: RunWriter): void {
    this.#runs.unshift(writer.finish());
  }

  get isMerging(): boolean {
    return this.#merges.length > 0;
  }

  /** Gives up all merges, until the file is opened again. */
  stopMerging(): void {
    this.#merges = [];
    this.#isStopped = true;
  }

  /**
   * Starts to merge tiers that have enough runs: one merge of a tier at a time, so that all stay in order of age. While
   * all runs are merged into one, no newer run gets a higher tier than that: the runs of a tier are adjacent in age.
   */
  startMerges(now: number): void {
    if (this.#isStopped) return;
    for (const tier of new Set(this.#runs.map((run) => run.tier))) {
      if (this.#merges.some((merge) => merge.tier === tier || (merge.tier === undefined && merge.to <= tier))) continue;
      const runs = this.#runs.filter((run) => run.tier === tier && !this.#isMerged(run));
      if (runs.length >= FAN_OUT) this.#begin(runs.slice(-FAN_OUT), tier, now);
    }
  }

  /** Starts to merge all runs into one. */
  compact(now: number): void {
    if (this.#runs.length > 0 && !this.#isStopped) this.#begin(this.#runs, undefined, now);
  }

  /** Continues each merge by some rows. Returns the runs that were replaced. */
  merge(rows: number): Run[] {
    return this.#merges.flatMap((merge) => {
      const run = merge.step(rows);
      return run === undefined ? [] : this.#replace(merge, run);
    });
  }

  #isMerged(run: Run): boolean {
    return this.#merges.some(({ inputs }) => inputs.includes(run));
  }

  #replace(merge: Merge, run: Run): readonly Run[] {
    this.#merges = this.#merges.filter((other) => other !== merge);
    this.#runs = this.#runs.filter((other) => !merge.inputs.includes(other)).concat(run);
    this.#runs.sort((a, b) => b.age - a.age);
    for (const { id } of merge.inputs) this.#db.run('UPDATE runs SET tier = ? WHERE id = ?', REPLACED, id);
    return merge.inputs;
  }

  #begin(inputs: readonly Run[], tier: number | undefined, now: number): void {
    const isOldest = inputs.includes(this.#runs.at(-1) as Run);
    const isFull = tier === undefined;
    const keeps = this.#keeping(now, isFull);
    const to = isFull ? Math.max(tierOf(this.rows), ...inputs.map((run) => run.tier)) : tier + 1;
    const merge = new Merge({
      inputs: [...inputs],
      ...(isFull ? {} : { tier }),
      to,
      chunks: this.#chunks,
      writer: this.#writer(to, inputs[0]?.age),
      keeps: (row) => (row[1] !== null || !isOldest) && keeps(row),
    });
    this.#merges.push(merge);
  }

  #writer(tier: number, age?: number): RunWriter {
    return new RunWriter(this.#db, this.#chunks, defined({ family: this.family, tier, age }));
  }
}
