import type { StoredMessage, UserId } from '@chasqui/domain';
import type { MessageStore } from '@chasqui/ports';

const PAGE = 500;
/** Messages looked at (C16). */
const MAX_LOOKED_AT = 50_000;
/**
 * How long before the last message that was stored a push may have been made that nobody reported, ms: a node reports after
 * 15 s what nobody acked, and one that died is recovered within its lease. What is on the bus comes by itself.
 */
const LAST_MS = 60_000;

/**
 * Whose messages may have been on their way to a socket when everything ended before `startedAt` (Unix ms): receivers of the
 * newest messages that nobody has acked and nobody has reported as offline. No more than `MAX_LOOKED_AT`, and nobody where
 * the store does not know the order of arrival. Errors: `store_unavailable`.
 */
export async function lastReached(
  messages: Pick<MessageStore, 'recent'>,
  startedAt: number,
): Promise<ReadonlySet<UserId>> {
  const users = new Set<UserId>();
  let until = Number.NEGATIVE_INFINITY;
  let cursor: string | null = null;
  for (let looked = 0; looked < MAX_LOOKED_AT; looked += PAGE) {
    const page: Awaited<ReturnType<NonNullable<MessageStore['recent']>>> | undefined = await messages.recent?.(
      cursor,
      PAGE,
    );
    if (page === undefined) break;
    for (const message of page.messages) {
      const at = storedAt(message);
      if (at >= startedAt) continue;
      if (until === Number.NEGATIVE_INFINITY) until = at - LAST_MS;
      if (at < until) return users;
      if (message.status === 'stored' && !message.silenced) users.add(message.to);
    }
    cursor = page.cursor;
    if (cursor === null) break;
  }
  return users;
}

function storedAt({ steps, sentAt }: StoredMessage): number {
  return steps.find(({ state }) => state === 'storing')?.at ?? sentAt;
}
