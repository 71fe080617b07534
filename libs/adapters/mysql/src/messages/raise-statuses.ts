import { encodeSteps, statusRank, type UserId } from '@chasqui/domain';
import type { RaiseResult, StatusChange } from '@chasqui/ports';
import type { Database, Row, Statement } from '../engine/index.ts';
import { decodeStatuses, encodeStatuses } from './addressee-statuses.ts';
import { nameOf, sortedKeys } from './message-row.ts';

const LOCK = `SELECT conversation_id, message_id, statuses, steps FROM messages FORCE INDEX (PRIMARY)
  WHERE (conversation_id, message_id) IN (?) ORDER BY conversation_id, message_id FOR UPDATE`;
const RAISE = `UPDATE messages SET statuses = ?, steps = CONCAT(steps, ?)
  WHERE conversation_id = ? AND message_id = ?`;

/** A locked row, and what changes in it. */
interface Locked {
  ranks: Map<UserId, number>;
  steps: string;
  added: string;
}

/** `MessageStore.raise`, for as many changes as one transaction takes. */
export function raiseStatuses(database: Database, changes: readonly StatusChange[]): Promise<RaiseResult[]> {
  const keys = sortedKeys(changes);
  const lock: Statement = { sql: LOCK, values: [keys] };
  return database.transaction<RaiseResult[]>(async (transaction, earlier) => {
    const [answer] = await transaction.query([lock]);
    const rows = new Map((answer?.rows ?? []).map(lockedOf));
    if (earlier !== undefined && isWritten(rows, changes, earlier)) return { result: earlier, writes: [] };
    const result = changes.map((change) => raiseIn(rows.get(nameOf(change)), change));
    return { result, writes: keys.flatMap((key) => writeOf(key, rows)) };
  });
}

function lockedOf(row: Row): [name: string, locked: Locked] {
  const [conversationId, messageId, statuses, steps] = row as [string, string, string, string];
  return [nameOf({ conversationId, messageId }), { ranks: decodeStatuses(statuses), steps, added: '' }];
}

function raiseIn(row: Locked | undefined, change: StatusChange): RaiseResult {
  const before = row?.ranks.get(change.member);
  if (row === undefined || before === undefined) return 'missing';
  const rank = statusRank(change.status);
  if (rank <= before) return rank === before ? 'same' : 'further';
  row.ranks.set(change.member, rank);
  row.added += stepsOf(change);
  return 'raised';
}

function writeOf([conversationId, messageId]: [string, string], rows: ReadonlyMap<string, Locked>): Statement[] {
  const row = rows.get(nameOf({ conversationId, messageId }));
  if (row === undefined || row.added === '') return [];
  return [{ sql: RAISE, values: [encodeStatuses(row.ranks), row.added, conversationId, messageId] }];
}

function stepsOf({ status, at, node, retries = 0, before = [] }: StatusChange): string {
  return encodeSteps([{ state: status, at, node, retries }, ...before]);
}

/** Whether an attempt without an answer was committed: then the steps that it added are there, all of them or none. */
function isWritten(
  rows: ReadonlyMap<string, Locked>,
  changes: readonly StatusChange[],
  results: readonly RaiseResult[],
): boolean {
  const first = changes[results.indexOf('raised')];
  return first !== undefined && rows.get(nameOf(first))?.steps.includes(stepsOf(first)) === true;
}
