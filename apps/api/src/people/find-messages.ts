import { clearedIn } from '@chasqui/core';
import {
  type ConversationId,
  defined,
  groupLog,
  inboxOf,
  isEditedSinceLeft,
  isGroupId,
  type LogId,
  logOf,
  maySeeMessage,
  SYSTEM_USER,
  type UserId,
} from '@chasqui/domain';
import type { SearchHit, SearchQuery } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';

export interface MessageQuery extends Omit<SearchQuery, 'logs'> {
  /** Only messages of this sender. */
  from?: UserId;
}

export interface FoundPage {
  items: SearchHit[];
  /** The hit before the next page, if there may be one. */
  last?: SearchHit;
}

/** Where it finds. */
type FindContext = Pick<ApiContext, 'search' | 'groups' | 'access' | 'conversationStates' | 'messages'> & {
  limits: Pick<ApiContext['limits'], 'maxGroupsPerUser'>;
};

/** How many pages of the index are read for one page of the answer. Beyond: it is shorter. */
const MAX_READS = 8;
/** Hits in one of these pages: the index gives no more. */
const READ = 101;

/**
 * A page of what the user may see (C13, C20): the index finds by the logs that they read; what they have cleared, or
 * what was sent in a group outside their time, is left out.
 */
export async function findMessages(
  context: FindContext,
  userId: UserId,
  { limit, from, ...query }: MessageQuery,
): Promise<FoundPage> {
  const logs = await logsOf(context, userId, query.conversationId);
  const items: SearchHit[] = [];
  let last: SearchHit | undefined;
  for (let reads = 0; reads < MAX_READS; reads++) {
    const size = reads === 0 ? limit + 1 : READ;
    const found = await context.search.search({ ...query, logs, limit: size, ...(last && { after: last }) });
    const kept = await keptOf(context, userId, found);
    for (const [index, hit] of found.entries()) {
      if (!kept[index] || (from !== undefined && hit.from !== from)) continue;
      if (items.length === limit) return { items, ...defined({ last: items.at(-1) }) };
      items.push(hit);
    }
    if (found.length < size) return { items };
    last = found.at(-1);
  }
  return { items, ...defined({ last }) };
}

/** Everything for the system; the log of one conversation; or the user's inbox and the groups that they are in, or were lately. */
async function logsOf(
  { groups, limits }: FindContext,
  userId: UserId,
  conversationId: ConversationId | undefined,
): Promise<readonly LogId[] | 'all'> {
  if (userId === SYSTEM_USER) return 'all';
  if (conversationId !== undefined) return [logOf(conversationId, userId)];
  const memberships = await groups.memberships(userId, 2 * limits.maxGroupsPerUser);
  return [inboxOf(userId), ...memberships.map((member) => groupLog(member.conversationId))];
}

/** For each hit, whether the user may see it and has neither cleared nor hidden it. */
async function keptOf(context: FindContext, userId: UserId, hits: readonly SearchHit[]): Promise<boolean[]> {
  const ids = hits.map(({ conversationId }) => conversationId);
  const [cleared, seen, hidden] = await Promise.all([
    clearedIn(context, userId, ids),
    seenInGroups(context, userId, hits),
    context.conversationStates.hiddenAmong(userId, hits),
  ]);
  return hits.map(
    ({ conversationId, messageId }, index) =>
      seen[index] === true && !hidden[index] && messageId > (cleared.get(conversationId) ?? ''),
  );
}

/**
 * Which hits the user may see, and in groups that they have left: what was not found by a later edit (C20). The index
 * found those in direct conversations by the user's inbox.
 */
async function seenInGroups(context: FindContext, userId: UserId, hits: readonly SearchHit[]): Promise<boolean[]> {
  if (userId === SYSTEM_USER) return hits.map(() => true);
  const places = await context.access.places(
    userId,
    hits.map(({ conversationId }) => conversationId),
  );
  const past = hits.filter(({ conversationId }) => (places.get(conversationId)?.member?.leftAt ?? 0) > 0);
  const stored = past.length === 0 ? [] : await context.messages.get(past);
  const later = new Set(
    past.filter(({ conversationId }, index) => {
      const member = places.get(conversationId)?.member;
      return member != null && isEditedSinceLeft(member, stored[index] ?? {});
    }),
  );
  return hits.map((hit) => {
    const { group = null, member } = places.get(hit.conversationId) ?? {};
    if (!isGroupId(hit.conversationId)) return true;
    return group !== null && maySeeMessage(group, member, hit.messageId) && !later.has(hit);
  });
}
