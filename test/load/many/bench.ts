import { join } from 'node:path';
import { pinSelf } from '../pinned.ts';
import { machineLine } from '../report.ts';
import { measureYardstick, yardstickText } from '../yardstick.ts';
import { copyOf, keptStore } from './kept-store.ts';
import { type Probe, probeReads, probeSync } from './probes.ts';
import { many, pairs, runSeries, type Series, type StepRow } from './series.ts';
import { type Start, startMeasured } from './start.ts';
import { probeTable, startTable, stepCells, stepTable } from './table.ts';

/** The parts of the bench, beside the pairs with which they are compared. */
export const PARTS = ['uniform', 'popular', 'stored'] as const;
export type ManyPart = (typeof PARTS)[number];

export interface ManyOptions {
  parts: readonly ManyPart[];
  users: number;
  /** Messages of a step: a row. */
  step: number;
  /** Rows of the users who write to anybody. */
  steps: number;
  /** Messages of the filled store. */
  stored: number;
  /** Calls of each sort to the filled store. */
  calls: number;
  /** Where filled stores are kept. */
  root: string;
  say(text: string): void;
}

export interface ManyFigures {
  starts: Start[];
  rows: StepRow[];
  probes: Probe[];
  /** Seconds that filling the store took; absent: it was not needed. */
  filledS?: number;
}

/** Rows of each series other than the longest. */
const FEW_STEPS = 2;
const ROOT = join(import.meta.dirname, '../../../.data/bench');

/** What a message costs when there are many users, beside what it costs when there are few. */
export async function benchMany(command: string, options: Omit<ManyOptions, 'root'>): Promise<string> {
  pinSelf(1);
  const before = await measureYardstick();
  options.say(yardstickText([before]));
  const figures = await measureMany({ ...options, root: ROOT });
  const yardstick = yardstickText([before, await measureYardstick()]);
  const head = machineLine(command, 'server on core 0, load client on core 1');
  return `${[head, yardstick, ...manyText(figures)].join('\n\n')}\n`;
}

export async function measureMany(options: ManyOptions): Promise<ManyFigures> {
  const { parts, users, step, steps, say } = options;
  const figures: ManyFigures = { starts: [], rows: [], probes: [] };
  const few = Math.min(steps, FEW_STEPS);
  const onEmpty = async (series: Series, count = few) => {
    const { server, start } = await startMeasured('empty');
    await using _ = server;
    figures.starts.push(start);
    await runSeries(server, series, { steps: count, done: adding(figures, say) });
  };
  await onEmpty(pairs(step, 'offline'));
  await onEmpty(pairs(step, 'online'));
  if (parts.includes('uniform')) await onEmpty(many(step, users, 'anybody'), steps);
  if (parts.includes('popular')) await onEmpty(many(step, users, 'popular'));
  if (parts.includes('stored')) await measureStored(figures, options);
  return figures;
}

async function measureStored(figures: ManyFigures, options: ManyOptions): Promise<void> {
  const { root, users, step, stored, calls, say } = options;
  const kept = await keptStore(root, options);
  const name = `${stored.toLocaleString('en')} stored`;
  const { server, start } = await startMeasured(name, await copyOf(kept));
  await using _ = server;
  figures.starts.push(start);
  figures.filledS = kept.seconds;
  figures.probes.push(...(await probeReads(server, kept, stored, calls)), await probeSync(server));
  say(probeTable(figures.probes));
  const series = many(step, users, 'anybody');
  await runSeries(server, { ...series, name: `${series.name}, ${name}` }, { steps: 1, done: adding(figures, say) });
}

const adding =
  ({ rows }: ManyFigures, say: (text: string) => void) =>
  (row: StepRow) => {
    rows.push(row);
    say(stepCells(row, rows[0] ?? row).join(' | '));
  };

function manyText({ starts, rows, probes, filledS }: ManyFigures): string[] {
  const read = filledS === undefined ? [] : [`Filling the store took ${filledS.toFixed(0)} s.`, probeTable(probes)];
  return [stepTable(rows), startTable(starts), ...read];
}
