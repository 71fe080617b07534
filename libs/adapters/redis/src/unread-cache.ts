import type { UserId } from '@chasqui/domain';
import type { UnreadCache, UnreadCounts, UnreadState } from '@chasqui/ports';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { FILL, SET } from './unread-scripts.ts';

/** A user's counts expire this long after they were filled, milliseconds. */
const COUNTS_MS = 60_000;
/**
 * How long the fence stays, milliseconds: longer than any reader needs to fill counts that it read before the fence
 * rose, which is seconds.
 */
const FENCE_MS = 120_000;

/**
 * Unread counts in Redis. A hash holds a user's counts, each with its position; it expires, and takes no change while
 * it is absent. A separate fence holds the highest position heard of.
 */
export function createRedisUnreadCache({ link, keys }: { link: RedisLink; keys: Keys }): UnreadCache {
  const keysOf = (userId: UserId) => [keys.unreadCounts(userId), keys.unreadFence(userId)];
  return {
    async set(states) {
      const users = [...Map.groupBy(states, ({ userId }) => userId)];
      await link.call((client) =>
        Promise.all(
          link.groups(users).map((group) => {
            const args = group.flatMap(([, own], index) => own.flatMap((state) => argsOf(index + 1, state)));
            const names = group.flatMap(([userId]) => keysOf(userId));
            return SET(client, names, [FENCE_MS, ...args]);
          }),
        ),
      );
    },
    async get(userId) {
      const fields = await link.call((client) => client.hgetall(keys.unreadCounts(userId)));
      return fields.total === undefined ? null : countsOf(userId, fields);
    },
    async fill({ userId, total, byConversation, position }) {
      const args = [COUNTS_MS, FENCE_MS, position, total, ...Object.entries(byConversation).flat()];
      await link.call((client) => FILL(client, keysOf(userId), args));
    },
    async drop(userId) {
      await link.call((client) => client.unlink(keys.unreadCounts(userId)));
    },
    async [Symbol.asyncDispose]() {},
  };
}

function argsOf(user: number, { conversationId, count, total, position }: UnreadState): (string | number)[] {
  return [user, conversationId, count, total, position];
}

/** Each field is a value and its position; conversations are recognised by the `~` in their ids. */
function countsOf(userId: UserId, fields: Readonly<Record<string, string>>): UnreadCounts {
  const byConversation: UnreadCounts['byConversation'] = {};
  for (const [field, text] of Object.entries(fields)) {
    const value = Number.parseInt(text, 10);
    if (field.includes('~') && value > 0) byConversation[field] = value;
  }
  const [total, position] = (fields.total ?? '').split(' ').map(Number);
  return { userId, total: total ?? 0, byConversation, position: position ?? 0 };
}
