import { defined, isCurrent, ROLES } from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { applyChange, keepOutcome, keptOutcome, outcomeOf } from './apply-change.ts';
import {
  ALL_GROUPS,
  groupOfRow,
  groupsOf,
  memberKey,
  memberOfRow,
  membersOf,
  SELECT_MEMBERS,
  selectGroups,
  selectMembers,
} from './group-rows.ts';
import { headsOf, headsOfUser, unreadOf } from './heads.ts';
import { LIVE, linkOfRow, SELECT_LINKS } from './links.ts';
import { findMembers, membersByName } from './member-names.ts';
import { Who } from './totals.ts';

/** Former memberships are listed for this long, in ms. */
const LISTED_MS = 30 * 86_400_000;
const PAGE = `${SELECT_MEMBERS} FORCE INDEX (by_role) WHERE m.conversation_id = ? AND m.left_at = 0
  AND (m.role > ? OR (m.role = ? AND m.user_id > ?)) AND m.role <= ? ORDER BY m.role, m.user_id LIMIT ?`;
const STAYS = `${SELECT_MEMBERS} FORCE INDEX (by_user) WHERE m.user_id = ? AND m.left_at = 0 LIMIT ?`;
/** Groups that were dissolved may be any number until they are left: sorted only if not all are read. */
const EXISTING_FIRST = `${SELECT_MEMBERS} FORCE INDEX (by_user)
  STRAIGHT_JOIN chat_groups AS g ON g.conversation_id = m.conversation_id
  WHERE m.user_id = ? AND m.left_at = 0 ORDER BY g.dissolved_at > 0 LIMIT ?`;
const MEMBERSHIPS = `(${STAYS}) UNION ALL (${SELECT_MEMBERS} FORCE INDEX (by_user)
  WHERE m.user_id = ? AND m.left_at >= ? ORDER BY m.left_at DESC LIMIT ?)`;
const READERS = `SELECT m.user_id, m.read_at FROM group_members AS m FORCE INDEX (PRIMARY)
  WHERE m.conversation_id = ? AND m.user_id > ? AND m.left_at = 0 AND m.read_up_to >= ? AND m.since_id < ?
  AND NOT EXISTS (SELECT 1 FROM group_totals AS t
    WHERE t.conversation_id = m.conversation_id AND t.who = CONCAT('${Who.own('')}', m.user_id) AND t.message_id = ?)
  ORDER BY m.user_id LIMIT ?`;
const LINKS = `${SELECT_LINKS} WHERE conversation_id = ? AND ${LIVE} ORDER BY created_at DESC, link_id`;
const LINK = `${SELECT_LINKS} WHERE link_id = ?`;
const REQUESTS = `SELECT user_id, at FROM group_requests WHERE conversation_id = ?
  AND (at > ? OR (at = ? AND user_id > ?)) ORDER BY at, user_id LIMIT ?`;
const GROUPS_ASKED = 'SELECT conversation_id FROM group_requests WHERE user_id = ?';
const REMOVE_REQUESTS = 'DELETE FROM group_requests WHERE conversation_id IN (?) AND user_id = ?';

/** Groups, in the database of the conversations. */
export function createGroupStore(database: Database): GroupStore {
  const { clock } = database;
  const membersBy = async (sql: string, values: (string | number)[]) =>
    (await database.run({ sql, values })).rows.map((row) => memberOfRow(row).member);
  return {
    apply: (change, bounds) => applyChange(database, change, bounds),
    outcome: async (change) => outcomeOf(change, await database.run(keptOutcome(change))),
    async refuse(change, refusal) {
      const kept = keepOutcome(change, refusal, clock.now());
      await database.run({ ...kept, sql: `${kept.sql} ON DUPLICATE KEY UPDATE at = at` });
    },
    async groups(ids) {
      if (ids.length === 0) return [];
      const found = groupsOf(await database.run(selectGroups(ids)));
      return ids.map((id) => found.get(id) ?? null);
    },
    async all({ after = '', limit }) {
      const { rows } = await database.run({ sql: ALL_GROUPS, values: [after, limit + 1] });
      const groups = rows.slice(0, limit).map(groupOfRow);
      return { groups, ...defined({ next: rows.length > limit ? groups.at(-1)?.conversationId : undefined }) };
    },
    async members(keys) {
      if (keys.length === 0) return [];
      const found = membersOf(await database.run(selectMembers(keys)));
      return keys.map((key) => found.get(memberKey(key))?.member ?? null);
    },
    async page(conversationId, { role, after, limit }) {
      const only = role === undefined ? null : ROLES.indexOf(role);
      const start = after === undefined ? (only ?? 0) : ROLES.indexOf(after.role);
      const values = [conversationId, start, start, after?.userId ?? '', only ?? ROLES.length, limit];
      const { rows } = await database.run({ sql: PAGE, values });
      return rows.map((row) => memberOfRow(row).member);
    },
    byName: (conversationId, options) => membersByName(database, conversationId, options),
    find: (conversationId, options) => findMembers(database, conversationId, options),
    async memberships(userId, limit) {
      const values = [userId, limit, userId, Math.max(1, clock.now() - LISTED_MS), limit];
      const members = await membersBy(MEMBERSHIPS, values);
      // Databases promise no order between the parts of a union.
      const current = members.filter(isCurrent);
      if (current.length === limit) return membersBy(EXISTING_FIRST, [userId, limit]);
      const former = members.filter(({ leftAt }) => leftAt > 0).sort((a, b) => b.leftAt - a.leftAt);
      return [...current, ...former].slice(0, limit);
    },
    async stays(userId, limit) {
      const few = await membersBy(STAYS, [userId, limit]);
      const members = few.length < limit ? few : await membersBy(EXISTING_FIRST, [userId, limit]);
      return members.flatMap(({ conversationId, intervals }) =>
        intervals.slice(-1).map((interval) => ({ conversationId, interval })),
      );
    },
    heads: (userId, options) => headsOfUser(database, userId, options),
    headsOf: (keys) => headsOf(database, keys),
    unread: (userIds) => unreadOf(database, userIds),
    async readers(conversationId, messageId, { after = '', limit }) {
      const values = [conversationId, after, messageId, messageId, messageId, limit];
      const { rows } = await database.run({ sql: READERS, values });
      return rows.map(([userId, at]) => ({ userId: userId as string, at: at as number }));
    },
    async links(conversationId) {
      const { rows } = await database.run({ sql: LINKS, values: [conversationId, clock.now()] });
      return rows.map(linkOfRow);
    },
    async link(linkId) {
      const { rows } = await database.run({ sql: LINK, values: [linkId] });
      return rows[0] === undefined ? null : linkOfRow(rows[0]);
    },
    async requests(conversationId, { after, limit }) {
      const values = [conversationId, after?.at ?? -1, after?.at ?? -1, after?.userId ?? '', limit];
      const { rows } = await database.run({ sql: REQUESTS, values });
      return rows.map(([userId, at]) => ({ conversationId, userId: userId as string, at: at as number }));
    },
    async removeRequests(userId) {
      // A DELETE by user alone would lock the requests of everybody.
      const { rows } = await database.run({ sql: GROUPS_ASKED, values: [userId] });
      if (rows.length > 0) await database.run({ sql: REMOVE_REQUESTS, values: [rows.flat(), userId] });
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
