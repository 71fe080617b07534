import { type Random, statusRank } from '@chasqui/domain';
import type { RaiseResult, StatusChange } from '@chasqui/ports';
import type { CheckedAction, TableRows } from '../cluster/table-rows.ts';
import { HbaseError } from '../wire/hbase-error.ts';
import type { Row } from '../wire/rows.ts';
import { statusTime } from './cell-timestamps.ts';
import { formerColumns } from './former-row.ts';
import { messageRow } from './row-keys.ts';
import { bearsMark, rankIn, rankValue, type StatusColumns, statusColumns, stepValue } from './stored-row.ts';

/** A message may arrive between our try and our look; more often than this it does not. */
const MAX_ROUNDS = 5;

/** A change on its way. */
interface Advance {
  change: StatusChange;
  row: Buffer;
  /** The member's. */
  columns: StatusColumns;
  rank: number;
  mark: string;
  settle(result: RaiseResult): void;
}

/** `MessageStore.raise`. Changes of different messages go side by side, those of one message one after the other. */
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
    // Whatever is there is stored.
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

/** The rank and its step in one atomic step, if the rank is there and lower. */
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

/** Looks why nothing was advanced, and gives back what should be tried again. */
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

/** The result, or what to try again: it is lower, and was not there when we tried, or it is where a former release keeps it. */
function judgement(row: Row | null, advance: Advance): RaiseResult | Advance {
  const { change, columns, rank, mark } = advance;
  const current = row === null ? null : rankIn(row, columns);
  if (row === null || current === null) {
    const former = row === null ? null : formerColumns(change.conversationId, change.member);
    if (row === null || former === null || former.rank === columns.rank || rankIn(row, former) === null)
      return 'missing';
    return { ...advance, columns: former };
  }
  // It was advanced by us: the answer got lost, and the next try found its own work.
  if (bearsMark(row.cells.get(columns.step(rank)), mark)) return 'raised';
  if (current === rank) return 'same';
  return current > rank ? 'further' : advance;
}

/** 48 random bits. */
function newMark(random: Random): string {
  return Math.floor(random() * 2 ** 48).toString(36);
}
