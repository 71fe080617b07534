import { addresseesOf, encodeMessage, type StoredMessage, statusRank } from '@chasqui/domain';
import type { Cell } from '../wire/row-actions.ts';
import { actionTime, putTime, statusTime } from './cell-timestamps.ts';
import { statusColumns } from './status-columns.ts';
import { BODY, bodyValue, RECALLED, REVISION, rankValue, revisionValue } from './stored-row.ts';

/** The cells of a message with all that happened to it, at the times that they would have from puts, rises and actions. */
export function restoredCells(message: StoredMessage): Cell[] {
  const { messageId, audience, steps, statuses, revision, recalledAt } = message;
  const put = putTime(messageId, 0);
  const changed = revision === 0 ? put : actionTime(messageId, revision);
  const ranks = addresseesOf(message).map((member): Cell => {
    const rank = statusRank(statuses[member] ?? 'stored');
    const timestamp = rank === 0 ? put : statusTime(messageId, rank);
    return { qualifier: statusColumns(member).rank, value: rankValue(rank), timestamp };
  });
  const { text } = encodeMessage(message);
  const cells = [...ranks, { qualifier: BODY, value: bodyValue(text, steps, audience), timestamp: changed }];
  if (revision > 0) cells.push({ qualifier: REVISION, value: revisionValue(revision), timestamp: changed });
  if (recalledAt !== undefined)
    cells.push({ qualifier: RECALLED, value: Buffer.from(String(recalledAt)), timestamp: changed });
  return cells;
}
