import type { MessageAction } from '@chasqui/domain';
import type { ApplyResult, MessageKey } from '@chasqui/ports';
import type { TableRows } from '../cluster/table-rows.ts';
import type { Condition } from '../wire/row-actions.ts';
import { actionTime } from './cell-timestamps.ts';
import { messageRow } from './row-keys.ts';
import { actionCells, BODY, RECALLED, REVISION, revisionOf, revisionValue } from './stored-row.ts';

/** Actions on one message come in the order of its shard, so conflicting writes are rare. */
const MAX_ROUNDS = 5;

/** `MessageStore.apply`: reads the row, then changes it if no other action was applied meanwhile. */
export async function applyToRow(
  rows: TableRows,
  table: string,
  { conversationId, messageId }: MessageKey,
  { action, node }: { action: MessageAction; node: string },
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
