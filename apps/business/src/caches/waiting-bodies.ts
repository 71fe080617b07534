import { type MessageId, type MessageStatus, maySee, type StoredMessage, type UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { OfflineCache } from '@chasqui/ports';

/** A message that counts as unread from now on, and the member who waits for it. */
export interface WaitingBody {
  /** As the store had it before; null: that is not known, and it is left to the store. */
  stored: StoredMessage | null;
  to: UserId;
}

/** Puts messages into the offline cache of those who may see them. Never rejects. */
export async function cacheWaiting(
  { offlineCache, logger }: { offlineCache?: OfflineCache; logger: Logger },
  waiting: readonly WaitingBody[],
): Promise<void> {
  if (offlineCache === undefined) return;
  const statuses = new Map<MessageId, { [member: UserId]: MessageStatus }>();
  const byReceiver = new Map<UserId, StoredMessage[]>();
  for (const { stored, to } of waiting) {
    if (stored === null) continue;
    // All copies of a message have the status of each member.
    const known = statuses.get(stored.messageId) ?? { ...stored.statuses };
    statuses.set(stored.messageId, known);
    known[to] = 'unread';
    if (!maySee(stored, to)) continue;
    const message = { ...stored, statuses: known };
    const own = byReceiver.get(to);
    if (own === undefined) byReceiver.set(to, [message]);
    else own.push(message);
  }
  try {
    await Promise.all([...byReceiver].map(([userId, messages]) => offlineCache.add(userId, messages)));
  } catch (error) {
    logger.debug({ err: error }, 'the offline cache is unavailable: syncs read the message store');
  }
}
