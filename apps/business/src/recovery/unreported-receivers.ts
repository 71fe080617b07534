import { receiversOf, type StoredMessage, storedStatus, type UserId } from '@chasqui/domain';
import type { MessageKey, MessageStore } from '@chasqui/ports';

const PAGE = 500;
/** Maximum number of messages looked at (C16). */
const MAX_LOOKED_AT = 50_000;
/**
 * How long before the last stored message an unreported push may have been made, in ms: a node reports unacked messages
 * after 15 s, and a dead node is recovered within its lease. Events on the bus are handled anyway.
 */
const LAST_MS = 60_000;

type Arrivals = Pick<MessageStore, 'recent'>;

/**
 * The time, in Unix ms, since which pushes may be unreported because everything ended before `startedAt` (Unix ms).
 * Null: nothing was stored, or the store does not know the order of arrival. Errors: `store_unavailable`.
 */
export async function unreportedSince(messages: Arrivals, startedAt: number): Promise<number | null> {
  let since: number | null = null;
  await eachArrival(messages, startedAt, (_, at) => {
    since = at - LAST_MS;
    return false;
  });
  return since;
}

/** Messages that may have reached none of the user's devices, by user. */
export type UnreportedMessages = ReadonlyMap<UserId, readonly MessageKey[]>;

export interface UnreportedReceivers {
  messages: UnreportedMessages;
  /** The bound was reached before `since`: receivers of older messages are not included. */
  isCut: boolean;
}

/**
 * Receivers, and their messages that may have been on their way to a socket when everything ended: they were stored from `since`
 * to `startedAt` (Unix ms), and nobody has acked them or reported them as offline. Messages that were read since are
 * included, as recovery checks the marks. Errors: `store_unavailable`.
 */
export async function unreportedReceivers(
  arrivals: Arrivals,
  since: number,
  startedAt: number,
): Promise<UnreportedReceivers> {
  const messages = new Map<UserId, MessageKey[]>();
  const isCut = await eachArrival(arrivals, startedAt, (message, at) => {
    if (at < since) return false;
    const { conversationId, messageId } = message;
    for (const userId of receiversOf(message)) {
      if (storedStatus(message, userId) !== 'stored') continue;
      const own = messages.get(userId) ?? [];
      messages.set(userId, own);
      own.push({ conversationId, messageId });
    }
    return true;
  });
  return { messages, isCut };
}

/**
 * Visits messages that were stored before `before` (Unix ms), newest first, until `goesOn` returns false. Returns true
 * if `MAX_LOOKED_AT` ended it.
 */
async function eachArrival(
  messages: Arrivals,
  before: number,
  goesOn: (message: StoredMessage, at: number) => boolean,
): Promise<boolean> {
  let cursor: string | null = null;
  for (let looked = 0; looked < MAX_LOOKED_AT; looked += PAGE) {
    const page: Awaited<ReturnType<NonNullable<MessageStore['recent']>>> | undefined = await messages.recent?.(
      cursor,
      PAGE,
    );
    if (page === undefined) return false;
    for (const message of page.messages) {
      const at = storedAt(message);
      if (at < before && !goesOn(message, at)) return false;
    }
    cursor = page.cursor;
    if (cursor === null) return false;
  }
  return true;
}

function storedAt({ steps, sentAt }: StoredMessage): number {
  return steps.find(({ state }) => state === 'storing')?.at ?? sentAt;
}
