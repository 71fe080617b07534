import {
  type Clock,
  type Group,
  groupAsSeenBy,
  groupLog,
  isCurrent,
  isListed,
  type Member,
  ROLES,
} from '@chasqui/domain';
import {
  countGroup,
  type GroupHead,
  type GroupStore,
  type GroupUnread,
  logEpoch,
  type ProfileStore,
} from '@chasqui/ports';
import { applyChange, keepOutcome, knownOutcome } from './apply-change.ts';
import type { KeptGroup, KeptMember } from './group-state.ts';
import type { KeptConversations } from './kept-conversations.ts';
import { byPlace, findIn, named, placeOf } from './member-names.ts';

/** For how long `memberships` gives those that ended, ms. */
const FORMER_MS = 30 * 24 * 3600 * 1000;

export function createGroups(
  state: KeptConversations,
  clock: Clock,
  profiles: Pick<ProfileStore, 'get'> | undefined,
): GroupStore {
  const { groups, links } = state.groups;
  const membersOf = (conversationId: string) => [...(groups.get(conversationId)?.members.values() ?? [])];

  const isOver = ({ conversationId }: Member) => Number((groups.get(conversationId)?.group.dissolvedAt ?? 0) > 0);
  const existingFirst = (a: Member, b: Member) => isOver(a) - isOver(b);

  const headOf = (kept: KeptGroup, inGroup: KeptMember): GroupHead => {
    const { member, read } = inGroup;
    const { conversationId } = member;
    const log = state.log(groupLog(conversationId));
    const head = member.intervals.at(-1)?.upTo ?? log.head;
    const counts = kept.counts(inGroup);
    const group = groupAsSeenBy(kept.group, member);
    return { group, member, head, epoch: logEpoch(state.epoch, log.life), read: { ...read }, ...counts };
  };

  return {
    async apply(change, bounds) {
      return structuredClone(applyChange(state, change, bounds, clock.now()));
    },
    async outcome(change) {
      return structuredClone(knownOutcome(state, change) ?? null);
    },
    async refuse(change, refusal) {
      if (knownOutcome(state, change) === undefined) keepOutcome(state, change, refusal, clock.now());
    },
    async groups(ids) {
      return ids.map((id) => groups.get(id)?.group ?? null);
    },
    async all({ after = '', limit }) {
      const ids = [...groups.keys()].filter((id) => id > after).sort();
      const page = ids.slice(0, limit);
      const next = ids.length > limit ? page.at(-1) : undefined;
      return { groups: page.flatMap((id) => groups.get(id)?.group ?? []), ...(next && { next }) };
    },
    async members(keys) {
      return keys.map(({ conversationId, userId }) => groups.get(conversationId)?.members.get(userId)?.member ?? null);
    },
    async page(conversationId, { role, after, limit }) {
      return membersOf(conversationId)
        .map(({ member }) => member)
        .filter((member) => isCurrent(member) && (role === undefined || member.role === role))
        .filter((member) => after === undefined || byRole(after, member) < 0)
        .sort(byRole)
        .slice(0, limit);
    },
    async byName(conversationId, { role, after, limit }) {
      return (await named(profiles, membersOf(conversationId), role))
        .map((one) => ({ one, place: placeOf(one) }))
        .filter(({ place }) => after === undefined || byPlace(after, place) < 0)
        .sort((a, b) => byPlace(a.place, b.place))
        .slice(0, limit)
        .map(({ one }) => one);
    },
    async find(conversationId, options) {
      return findIn(await named(profiles, membersOf(conversationId), options.role), options);
    },
    async memberships(userId, limit) {
      const since = clock.now() - FORMER_MS;
      return [...state.groups.memberships(userId)]
        .map(({ member: { member } }) => member)
        .filter(({ leftAt }) => leftAt === 0 || leftAt >= since)
        .sort((a, b) => Number(isCurrent(b)) - Number(isCurrent(a)) || b.leftAt - a.leftAt || existingFirst(a, b))
        .slice(0, limit);
    },
    async stays(userId, limit) {
      return [...state.groups.memberships(userId)]
        .map(({ member: { member } }) => member)
        .filter(isCurrent)
        .sort(existingFirst)
        .slice(0, limit)
        .flatMap(({ conversationId, intervals }) =>
          intervals.slice(-1).map((interval) => ({ conversationId, interval })),
        );
    },
    async heads(userId, { since = 0, before, unlisted = false, limit }) {
      return [...state.groups.memberships(userId)]
        .filter(({ kept, member: { member } }) => unlisted || isListed(kept.group, member))
        .map(({ kept, member }) => ({
          head: headOf(kept, member),
          namedAt: Math.max(0, ...(member.named?.values() ?? [])),
        }))
        .filter(({ head, namedAt }) => Math.max(head.group.updatedAt, namedAt) >= since)
        .map(({ head }) => head)
        .filter(({ group }) => before === undefined || newerFirst(before, group) < 0)
        .sort((a, b) => newerFirst(a.group, b.group))
        .slice(0, limit);
    },
    async headsOf(keys) {
      return keys.map(({ conversationId, userId }) => {
        const kept = groups.get(conversationId);
        const member = kept?.members.get(userId);
        return kept === undefined || member === undefined ? null : headOf(kept, member);
      });
    },
    async unread(userIds) {
      return userIds.map((userId) => {
        const counts: GroupUnread = { total: 0, byConversation: {}, mentions: {} };
        for (const { kept, member } of state.groups.memberships(userId)) {
          countGroup(counts, kept.group.conversationId, kept.counts(member));
        }
        return counts;
      });
    },
    async readers(conversationId, messageId, { after = '', limit }) {
      const sender = groups.get(conversationId)?.messages.find((message) => message.messageId === messageId)?.from;
      return membersOf(conversationId)
        .filter(({ member, read }) => {
          const joinedAfter = member.intervals.at(-1)?.afterId ?? '';
          const { userId } = member;
          const hasRead = isCurrent(member) && read.upTo >= messageId && joinedAfter < messageId;
          return hasRead && userId !== sender && userId > after;
        })
        .map(({ member: { userId }, read: { at } }) => ({ userId, at }))
        .sort((a, b) => inOrder(a.userId, b.userId))
        .slice(0, limit);
    },
    async links(conversationId) {
      return state.groups
        .linksOf(conversationId, clock.now())
        .sort((a, b) => b.createdAt - a.createdAt || inOrder(a.linkId, b.linkId));
    },
    async link(linkId) {
      return links.get(linkId) ?? null;
    },
    async requests(conversationId, { after, limit }) {
      return [...(groups.get(conversationId)?.requests.values() ?? [])]
        .filter((request) => after === undefined || olderFirst(after, request) < 0)
        .sort(olderFirst)
        .slice(0, limit);
    },
    async removeRequests(userId) {
      for (const { requests } of groups.values()) requests.delete(userId);
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type Seat = Pick<Member, 'role' | 'userId'>;

function byRole(a: Seat, b: Seat): number {
  return ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || inOrder(a.userId, b.userId);
}

type Place = Pick<Group, 'updatedAt' | 'conversationId'>;

/** Most recently updated first, then as conversation entries. */
function newerFirst(a: Place, b: Place): number {
  return b.updatedAt - a.updatedAt || inOrder(b.conversationId, a.conversationId);
}

function olderFirst(a: { at: number; userId: string }, b: typeof a): number {
  return a.at - b.at || inOrder(a.userId, b.userId);
}
