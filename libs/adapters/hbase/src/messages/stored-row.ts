import {
  type ConversationId,
  decodeSteps,
  distinctSteps,
  encodeSteps,
  type Message,
  type MessageStep,
  type StoredMessage,
  statusOfRank,
  type UserId,
} from '@chasqui/domain';
import type { StatusChange } from '@chasqui/ports';
import type { Row } from '../wire/rows.ts';

/** The message and the steps it was put with, as JSON: HBase repeats the row's key with each column. */
export const BODY = 'b';
/** When it was recalled, if it was. */
export const RECALLED = 'x';

/** Which of the conversation's two users; null for anybody else. */
export type Side = 0 | 1;

export function sideOf(conversationId: ConversationId, user: UserId): Side | null {
  if (conversationId.startsWith(`${user}~`)) return 0;
  return conversationId.endsWith(`~${user}`) ? 1 : null;
}

/** The status as one byte, in a column named after the receiver's side: nobody else finds it there to advance it. */
export const rankColumn = (side: Side): string => String(side);

/** The step that advanced the status to `rank`. */
export const stepColumn = (rank: number): string => `s${rank}`;

export function rankValue(rank: number): Buffer {
  return Buffer.of(rank);
}

export function bodyValue(message: Message, steps: readonly MessageStep[]): Buffer {
  return Buffer.from(JSON.stringify([message, steps]));
}

/** `mark` tells this change from any other, also from one just like it. What is noted with it follows on lines of its own. */
export function stepValue({ status, at, node, retries = 0, before = [] }: StatusChange, mark: string): Buffer {
  const own = retries > 0 ? [{ state: status, at, node, retries }] : [];
  const more = encodeSteps([...own, ...before]);
  return Buffer.from(`${at} ${mark} ${node}${more === '' ? '' : `\n${more}`}`);
}

export function bearsMark(step: Buffer | undefined, mark: string): boolean {
  return step?.toString().split(' ', 2)[1] === mark;
}

/** The rank of a row by the receiver's side, or by either; null: there is no message. */
export function rankOf({ cells }: Row, side?: Side): number | null {
  const value = side === undefined ? (cells.get('0') ?? cells.get('1')) : cells.get(rankColumn(side));
  return value?.[0] ?? null;
}

/** What was put, and the steps since. Null when the row holds no message. */
export function storedMessage(row: Row): StoredMessage | null {
  const body = row.cells.get(BODY);
  const rank = rankOf(row);
  if (body === undefined || rank === null) return null;
  const [message, steps] = JSON.parse(body.toString()) as [Message, MessageStep[]];
  const recalledAt = row.cells.get(RECALLED);
  return {
    ...message,
    status: statusOfRank(rank),
    ...(recalledAt === undefined ? {} : { recalledAt: Number(recalledAt.toString()) }),
    steps: distinctSteps([...steps, ...statusSteps(row)]),
  };
}

function statusSteps({ cells }: Row): MessageStep[] {
  const steps: MessageStep[] = [];
  for (let rank = 1; rank <= 3; rank++) {
    const text = cells.get(stepColumn(rank))?.toString();
    if (text === undefined) continue;
    const [own = '', ...more] = text.split('\n');
    const [at = '', mark = ''] = own.split(' ', 2);
    steps.push(...decodeSteps(more.join('\n')));
    steps.push({ state: statusOfRank(rank), at: Number(at), node: own.slice(at.length + mark.length + 2) });
  }
  return steps;
}
