import { type Row, rowsOf, valueIn } from './chunk.ts';
import type { ChunkTable } from './chunk-table.ts';
import { hashOf, mayHave } from './filter.ts';
import { NUMBER_WIDTH } from './keys.ts';
import { placeOf, type Section } from './section.ts';

/** Rows in the order of their keys, written once. In memory: only where its sections begin. */
export interface Run {
  readonly id: number;
  /** How often its rows were merged. */
  readonly tier: number;
  /** Rises with the time of writing: where two runs have a key, the one with the higher age is right. */
  readonly age: number;
  readonly rows: number;
  readonly firstKeys: readonly string[];
  /** The numbers of the sections. */
  readonly sections: readonly number[];
}

/** A run and what is needed to read it. */
export interface ReadableRun {
  chunks: ChunkTable;
  run: Run;
}

/** The bounds of a range of keys, both inclusive. */
export interface Range {
  from: string;
  to: string;
}

export const ALL: Range = { from: '', to: '\u00ff'.repeat(8) };

/** Undefined: the run has no such row. `hash`: of the whole key. */
export function lookUp({ chunks, run }: ReadableRun, key: string, hash: number): Buffer | null | undefined {
  if (run.firstKeys.length === 0 || key < (run.firstKeys[0] as string)) return undefined;
  const section = chunks.section(run.sections[placeOf(run.firstKeys, key)] as number);
  if (!mayHave(section.filter, hash)) return undefined;
  return valueIn(chunks.read(section.chunks[placeOf(section.firstKeys, key)] as number), key);
}

/** The rows of a range in the order of their keys. */
export function* rowsBetween(readable: ReadableRun, range: Range): Iterable<Row> {
  const { chunks, run } = readable;
  const { from, to } = range;
  for (let at = placeOf(run.firstKeys, from); at < run.sections.length; at++) {
    if ((run.firstKeys[at] as string) > to) return;
    const section = sectionFor(readable, at, range);
    if (section === undefined) continue;
    for (let chunk = placeOf(section.firstKeys, from); chunk < section.chunks.length; chunk++) {
      if ((section.firstKeys[chunk] as string) > to) return;
      for (const row of rowsOf(chunks.read(section.chunks[chunk] as number))) {
        if (row[0] > to) return;
        if (row[0] >= from) yield row;
      }
    }
  }
}

/** The rows of a range, the highest key first. */
export function* rowsDown(readable: ReadableRun, range: Range): Iterable<Row> {
  const { chunks, run } = readable;
  const { from, to } = range;
  if (run.sections.length === 0) return;
  for (let at = placeOf(run.firstKeys, to); at >= 0; at--) {
    const section = sectionFor(readable, at, range);
    for (let chunk = section === undefined ? -1 : placeOf(section.firstKeys, to); chunk >= 0; chunk--) {
      const rows = rowsOf(chunks.read(section?.chunks[chunk] as number));
      for (let i = rows.length - 1; i >= 0; i--) {
        const row = rows[i] as Row;
        if (row[0] < from) return;
        if (row[0] <= to) yield row;
      }
    }
    if ((run.firstKeys[at] as string) <= from) return;
  }
}

/** Undefined: the section has nothing of a range whose keys begin with the same number. */
function sectionFor({ chunks, run }: ReadableRun, at: number, { from, to }: Range): Section | undefined {
  const section = chunks.section(run.sections[at] as number);
  const isKnown = from.length >= NUMBER_WIDTH && from.slice(0, NUMBER_WIDTH) === to.slice(0, NUMBER_WIDTH);
  return isKnown && !mayHave(section.filter, hashOf(from, NUMBER_WIDTH)) ? undefined : section;
}
