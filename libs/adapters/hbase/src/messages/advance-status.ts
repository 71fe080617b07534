import { type Random, statusRank } from '@chasqui/domain';
import type { RaiseResult, StatusChange } from '@chasqui/ports';
import type { CheckedAction, TableRows } from '../cluster/table-rows.ts';
import { HbaseError } from '../wire/hbase-error.ts';
import type { Row } from '../wire/rows.ts';
import { statusTime } from './cell-timestamps.ts';
import { formerColumns } from './former-row.ts';
import { messageRow } from './row-keys.ts';
import { type StatusColumns, statusColumns } from './status-columns.ts';
import { bearsMark, rankIn, rankValue, stepValue } from './stored-row.ts';

/** A message may arrive between the attempt and the read that follows; it does not arrive more often than this. */
const MAX_ROUNDS = 5;

/** A status change in progress. */
interface Advance {
  change: StatusChange;
  row: Buffer;
  /** The columns of the member. */
  columns: StatusColumns;
  rank: number;
  mark: string;
  settle(result: RaiseResult): void;
}

/** `MessageStore.raise`. Changes of different messages run in parallel, those of one message one after another. */
export async function advanceStatuses(
  rows: TableRows,
  table: string,
  changes: readonly StatusChange[],
  random: Random,
): Promise<RaiseResult[]> {
  const results = new Array<RaiseResult>(changes.length).fill('missing');
  const waves: Advance[][] = [];
  const before = new Map<string, number>();
  for (const [index, change] of changes.entries()) {
    const row = messageRow(change.conversationId, change.messageId);
    const name = row.toString('latin1');
    const wave = before.get(name) ?? 0;
    before.set(name, wave + 1);
    const settle = (result: RaiseResult) => {
      results[index] = result;
    };
    waves[wave] ??= [];
    const rank = statusRank(change.status);
    waves[wave].push({ change, row, columns: statusColumns(change.member), rank, mark: newMark(random), settle });
  }
  for (const wave of waves) await advanceWave(rows, table, wave);
  return results;
}

async function advanceWave(rows: TableRows, table: string, wave: readonly Advance[]): Promise<void> {
  let left = wave;
  for (let round = 0; left.length > 0; round++) {
    if (round === MAX_ROUNDS) throw new HbaseError('busy', 'Restless', 'a status that is neither lower nor higher');
    // A message that exists has at least this rank.
    const above = left.filter(({ rank }) => rank > 0);
    const happened = await rows.checkAndMutate(above.map((advance) => checkedAdvance(table, advance)));
    const advanced = new Set(above.filter((_, i) => happened[i]));
    for (const advance of advanced) advance.settle('raised');
    left = await judge(
      rows,
      table,
      left.filter((advance) => !advanced.has(advance)),
    );
  }
}

/** Writes the rank and its step atomically, if a lower rank is stored. */
function checkedAdvance(table: string, { change, row, columns, rank, mark }: Advance): CheckedAction {
  const timestamp = statusTime(change.messageId, rank);
  return {
    table,
    condition: { qualifier: columns.rank, below: rankValue(rank) },
    mutation: {
      kind: 'put',
      row,
      cells: [
        { qualifier: columns.rank, value: rankValue(rank), timestamp },
        { qualifier: columns.step(rank), value: stepValue(change, mark), timestamp },
      ],
    },
  };
}

/** Reads why nothing was advanced, and returns the changes to retry. */
async function judge(rows: TableRows, table: string, advances: readonly Advance[]): Promise<Advance[]> {
  if (advances.length === 0) return [];
  const found = await rows.batch(
    advances.map(({ change, row, columns, rank }) => {
      const former = formerColumns(change.conversationId, change.member);
      const own = [columns.rank, columns.step(rank)];
      return { table, action: { kind: 'get', row, qualifiers: former === null ? own : [...own, former.rank] } };
    }),
  );
  return advances.flatMap((advance, i) => {
    const again = judgement(found[i] ?? null, advance);
    if (typeof again !== 'string') return [again];
    advance.settle(again);
    return [];
  });
}

/**
 * The result, or the change to retry: the stored rank is lower and was written since the attempt, or the row has the
 * columns of a former release.
 */
function judgement(row: Row | null, advance: Advance): RaiseResult | Advance {
  const { change, columns, rank, mark } = advance;
  const current = row === null ? null : rankIn(row, columns);
  if (row === null || current === null) {
    const former = row === null ? null : formerColumns(change.conversationId, change.member);
    if (row === null || former === null || former.rank === columns.rank || rankIn(row, former) === null)
      return 'missing';
    return { ...advance, columns: former };
  }
  // We advanced it: the answer was lost, and the retry found its own write.
  if (bearsMark(row.cells.get(columns.step(rank)), mark)) return 'raised';
  if (current === rank) return 'same';
  return current > rank ? 'further' : advance;
}

/** 48 random bits, in text form. */
function newMark(random: Random): string {
  return Math.floor(random() * 2 ** 48).toString(36);
}
