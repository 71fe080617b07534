import type { Row } from './chunk.ts';
import type { ChunkTable } from './chunk-table.ts';
import { merged } from './merged.ts';
import { ALL, type Run, rowsBetween } from './run.ts';
import type { RunWriter } from './run-writer.ts';

export interface MergeOptions {
  /** Adjacent in age, the newest first. */
  inputs: readonly Run[];
  /** That of all inputs; undefined: all runs are merged. */
  tier?: number;
  /** That of the new run. */
  to: number;
  chunks: ChunkTable;
  writer: RunWriter;
  keeps(row: Row): boolean;
}

/** Replaces runs by one, over several transactions; until it is finished, the runs are read. */
export class Merge {
  readonly inputs: readonly Run[];
  readonly tier: number | undefined;
  readonly to: number;
  readonly #writer: RunWriter;
  readonly #rows: Iterator<Row>;
  readonly #keeps: MergeOptions['keeps'];

  constructor({ inputs, tier, to, chunks, writer, keeps }: MergeOptions) {
    this.inputs = inputs;
    this.tier = tier;
    this.to = to;
    this.#writer = writer;
    this.#rows = merged(inputs.map((run) => rowsBetween({ chunks, run }, ALL)))[Symbol.iterator]();
    this.#keeps = keeps;
  }

  /** Merges some rows. Returns the new run when it is complete. */
  step(rows: number): Run | undefined {
    for (let left = rows; left > 0; left--) {
      const next = this.#rows.next();
      if (next.done === true) return this.#writer.finish();
      if (this.#keeps(next.value)) this.#writer.add(next.value);
    }
    return undefined;
  }
}
