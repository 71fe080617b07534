import {
  type Audience,
  addresseesOf,
  applyAction,
  decodeSteps,
  distinctSteps,
  type EncodedMessage,
  encodeMessage,
  encodeSteps,
  type MessageAction,
  type MessageStep,
  type MessageValue,
  messageOf,
  type StoredMessage,
  statusOfRank,
  stepOfAction,
  type UserId,
} from '@chasqui/domain';
import type { StatusChange } from '@chasqui/ports';
import type { Cell } from '../wire/row-actions.ts';
import type { Row } from '../wire/rows.ts';
import { formerStatuses } from './former-row.ts';
import { RANK, STEP, type StatusColumns, statusColumns } from './status-columns.ts';

// Only this file, `status-columns.ts` and `former-row.ts` know the columns of a message's row. HBase repeats the row key
// with each column, so there are few.

/** `[text, steps, audience]` as JSON, with the text as it was put. Rows of releases up to 0.1 have no audience. */
export const BODY = 'b';
/** The revision of the last action: four bytes, big-endian. Absent: none. */
export const REVISION = 'v';
/** Time of the recall, Unix ms as text. Absent: not recalled. */
export const RECALLED = 'x';

export function rankValue(rank: number): Buffer {
  return Buffer.of(rank);
}

/** The cells of a put message: its body, and rank 0 for each addressee. */
export function putCells(
  { message, text, steps }: EncodedMessage & { steps: MessageStep[] },
  timestamp: number,
): Cell[] {
  const ranks = addresseesOf(message).map((member) => ({
    qualifier: statusColumns(member).rank,
    value: rankValue(0),
    timestamp,
  }));
  return [...ranks, { qualifier: BODY, value: bodyValue(text, steps, message.audience), timestamp }];
}

export function bodyValue(text: string, steps: readonly MessageStep[], audience: Audience): Buffer {
  return Buffer.from(`[${text},${JSON.stringify(steps)},${JSON.stringify(audience)}]`);
}

/** `mark` distinguishes this raise from all others, even identical ones. Earlier steps follow on lines of their own. */
export function stepValue({ status, at, node, retries = 0, before = [] }: StatusChange, mark: string): Buffer {
  const own = retries > 0 ? [{ state: status, at, node, retries }] : [];
  const more = encodeSteps([...own, ...before]);
  return Buffer.from(`${at} ${mark} ${node}${more === '' ? '' : `\n${more}`}`);
}

export function bearsMark(step: Buffer | undefined, mark: string): boolean {
  return step?.toString().split(' ', 2)[1] === mark;
}

/** The rank in a member's columns; null: none. */
export function rankIn({ cells }: Row, { rank }: StatusColumns): number | null {
  return cells.get(rank)?.[0] ?? null;
}

/** 0: no action. Rows of releases up to 0.1 have at most one, the recall. */
export function revisionOf({ cells }: Row): number {
  return cells.get(REVISION)?.readUInt32BE() ?? (cells.has(RECALLED) ? 1 : 0);
}

export function revisionValue(revision: number): Buffer {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(revision);
  return value;
}

/** The message as it was put, with later changes applied. Null if the row holds no message. */
export function storedMessage(row: Row): StoredMessage | null {
  const body = row.cells.get(BODY);
  if (body === undefined) return null;
  const [value, steps, audience] = JSON.parse(body.toString()) as [MessageValue, MessageStep[], Audience?];
  const message = messageOf(value, audience);
  return {
    ...message,
    statuses: { ...formerStatuses(row, message.conversationId), ...statusesOf(row) },
    revision: revisionOf(row),
    ...recallTimeIn(row),
    steps: distinctSteps([...steps, ...raisedSteps(row)]),
  };
}

function recallTimeIn({ cells }: Row): Pick<StoredMessage, 'recalledAt'> {
  const value = cells.get(RECALLED);
  return value === undefined ? {} : { recalledAt: Number(value.toString()) };
}

/** The cells that an action changes. `row` must hold the message. */
export function actionCells(row: Row, action: MessageAction, node: string, timestamp: number): Cell[] {
  const [value, steps, audience] = JSON.parse(String(row.cells.get(BODY))) as [MessageValue, MessageStep[], Audience?];
  const message = messageOf(value, audience);
  const before = recallTimeIn(row);
  const changed = applyAction({ ...message, ...before, statuses: {}, revision: 0, steps: [] }, action);
  const { recalledAt } = changed;
  const noted = distinctSteps([...steps, stepOfAction(action, node)]);
  const { text } = encodeMessage(changed);
  return [
    { qualifier: BODY, value: bodyValue(text, noted, message.audience), timestamp },
    { qualifier: REVISION, value: revisionValue(action.revision), timestamp },
    ...(recalledAt === undefined ? [] : [{ qualifier: RECALLED, value: Buffer.from(String(recalledAt)), timestamp }]),
  ];
}

function statusesOf({ cells }: Row): StoredMessage['statuses'] {
  const statuses: { [member: UserId]: StoredMessage['statuses'][string] } = {};
  for (const [qualifier, value] of cells) {
    const rank = value[0] ?? 0;
    if (rank > 0 && qualifier.startsWith(RANK)) statuses[qualifier.slice(RANK.length)] = statusOfRank(rank);
  }
  return statuses;
}

function raisedSteps({ cells }: Row): MessageStep[] {
  const steps: MessageStep[] = [];
  for (const [qualifier, value] of cells) {
    const rank = STEP.exec(qualifier)?.[1];
    if (rank === undefined) continue;
    const [own = '', ...more] = value.toString().split('\n');
    const [at = '', mark = ''] = own.split(' ', 2);
    steps.push(...decodeSteps(more.join('\n')));
    steps.push({ state: statusOfRank(Number(rank)), at: Number(at), node: own.slice(at.length + mark.length + 2) });
  }
  return steps;
}
