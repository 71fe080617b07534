import type { ApplyResult, HandledAction } from '@chasqui/ports';
import type { TableRows } from '../cluster/table-rows.ts';
import type { Condition } from '../wire/row-actions.ts';
import { actionTime } from './cell-timestamps.ts';
import { messageRow } from './row-keys.ts';
import { actionCells, BODY, RECALLED, REVISION, revisionOf, revisionValue } from './stored-row.ts';

/** Actions on one message come in the order of its shard, so conflicting writes are rare. */
const MAX_ROUNDS = 5;

/**
 * `MessageStore.apply`: actions on one message one after another, those on different messages in parallel. Each is a
 * call of its own, as a row is changed by a condition on its last revision.
 */
export async function inChains(
  actions: readonly HandledAction[],
  apply: (action: HandledAction) => Promise<ApplyResult>,
): Promise<ApplyResult[]> {
  const chains = new Map<string, Promise<unknown>>();
  const results = actions.map((one) => {
    const name = `${one.conversationId} ${one.messageId}`;
    const before = chains.get(name);
    const result = before === undefined ? apply(one) : before.then(() => apply(one));
    chains.set(name, result);
    return result;
  });
  // Nothing may still be written when the caller hears of a failure: it repeats the call.
  await Promise.allSettled(results);
  return Promise.all(results);
}

/** Reads the row, then changes it if no other action was applied meanwhile. */
export async function applyToRow(
  rows: TableRows,
  table: string,
  { conversationId, messageId, action, node }: HandledAction,
): Promise<ApplyResult> {
  const row = messageRow(conversationId, messageId);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const read = { kind: 'get', row, qualifiers: [BODY, REVISION, RECALLED] } as const;
    const [found] = await rows.batch([{ table, action: read }]);
    if (found == null || !found.cells.has(BODY)) return 'missing';
    // Also the case if an attempt whose answer was lost applied it.
    if (revisionOf(found) >= action.revision) return 'superseded';
    const condition: Condition = found.cells.has(REVISION)
      ? { qualifier: REVISION, below: revisionValue(action.revision) }
      : { qualifier: REVISION, absent: true };
    const cells = actionCells(found, action, node, actionTime(messageId, action.revision));
    const [happened] = await rows.checkAndMutate([{ table, condition, mutation: { kind: 'put', row, cells } }]);
    if (happened) return 'applied';
  }
  return 'superseded';
}
