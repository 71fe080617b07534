import type {
  ChangeOutcome,
  ChangeRefusal,
  Group,
  GroupBounds,
  GroupChange,
  GroupLink,
  JoinRequest,
  Member,
  MemberKey,
} from '@chasqui/domain';
import type {
  AppliedChange,
  FoundMembers,
  GroupHead,
  GroupPage,
  GroupStore,
  NamedMember,
  Reader,
} from '@chasqui/ports';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import { applyChange } from './apply-change.ts';
import { keepOutcome, keptOutcome } from './change-log.ts';
import { findLink, liveLinks, removeRequests, requestsAfter } from './group-links.ts';
import { headOf, headsOfUser, membershipsOf, staysOf, unreadIn } from './heads.ts';
import { findMembers, membersByName } from './member-names.ts';
import { pageOfMembers } from './members.ts';
import { readersOf } from './readers.ts';

/** The operations of the store worker for `GroupStore`; arguments as there. */
export type GroupOperations = {
  'groups.apply'(args: [change: GroupChange, bounds: GroupBounds]): AppliedChange;
  'groups.outcome'(args: GroupChange): ChangeOutcome | null;
  'groups.refuse'(args: [change: GroupChange, refusal: ChangeRefusal]): null;
  'groups.get'(args: string[]): (Group | null)[];
  'groups.all'(args: Parameters<GroupStore['all']>[0]): GroupPage;
  'groups.members'(args: MemberKey[]): (Member | null)[];
  'groups.page'(args: Parameters<GroupStore['page']>): Member[];
  'groups.byName'(args: Parameters<GroupStore['byName']>): NamedMember[];
  'groups.find'(args: Parameters<GroupStore['find']>): FoundMembers;
  'groups.memberships'(args: [userId: string, limit: number]): Member[];
  /** JSON: an array of pairs. */
  'groups.stays'(args: [userId: string, limit: number]): string;
  'groups.heads'(args: Parameters<GroupStore['heads']>): GroupHead[];
  'groups.headsOf'(args: MemberKey[]): (GroupHead | null)[];
  /** JSON: a transport between processes may leave out a property with the name `__proto__`, which a group may have. */
  'groups.unread'(args: string[]): string;
  'groups.readers'(args: [conversationId: string, messageId: string, after: string, limit: number]): Reader[];
  'groups.links'(args: string): GroupLink[];
  'groups.link'(args: string): GroupLink | null;
  'groups.requests'(args: [conversationId: string, after: JoinRequest | null, limit: number]): JoinRequest[];
  'groups.removeRequests'(args: string): null;
};

export function groupOperations(store: StoreContext): Handlers<GroupOperations> {
  const { db, groups, members } = store;
  return {
    'groups.apply': ([change, bounds], now) => applyChange(store, change, bounds, now),
    'groups.outcome': (change) => keptOutcome(db, change),
    'groups.refuse'([change, refusal], now) {
      if (keptOutcome(db, change) === null) keepOutcome(db, change, refusal, now);
      return null;
    },
    'groups.get': (ids) => ids.map((id) => groups.find(id)?.group ?? null),
    'groups.all'({ after = '0', limit }) {
      const found = groups.after(Number(after), limit + 1);
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return { groups: page.map(({ group }) => group), ...(last && { next: `${last.id}` }) };
    },
    'groups.members': (keys) =>
      keys.map((key) => {
        const state = groups.find(key.conversationId);
        return (state && members.find(state.id, key)?.member) ?? null;
      }),
    'groups.page'([conversationId, options]) {
      const state = groups.find(conversationId);
      return state === undefined ? [] : pageOfMembers(db, state.id, conversationId, options);
    },
    'groups.byName'([conversationId, options]) {
      const state = groups.find(conversationId);
      return state === undefined ? [] : membersByName(db, state.id, conversationId, options);
    },
    'groups.find'([conversationId, options]) {
      const state = groups.find(conversationId);
      return state === undefined ? { members: [] } : findMembers(db, state.id, conversationId, options);
    },
    'groups.memberships': ([userId, limit], now) => membershipsOf(store, userId, limit, now),
    'groups.stays': ([userId, limit]) => staysOf(store, userId, limit),
    'groups.heads': ([userId, options]) => headsOfUser(store, userId, options),
    'groups.headsOf': (keys) => keys.map((key) => headOf(store, key)),
    'groups.unread': (userIds) => JSON.stringify(userIds.map((userId) => unreadIn(store, userId))),
    'groups.readers': ([conversationId, messageId, after, limit]) =>
      readersOf(store, conversationId, messageId, after, limit),
    'groups.links': (conversationId, now) => liveLinks(db, conversationId, now),
    'groups.link': (linkId) => findLink(db, linkId),
    'groups.requests': ([conversationId, after, limit]) => requestsAfter(db, conversationId, after, limit),
    'groups.removeRequests'(userId) {
      removeRequests(db, userId);
      return null;
    },
  };
}
