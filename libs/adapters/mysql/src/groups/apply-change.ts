import {
  type ChangeDecision,
  type ChangeOutcome,
  type ChangeState,
  changeDigest,
  concernedBy,
  decideChange,
  type GroupBounds,
  type GroupChange,
  groupLog,
  inboxOf,
  isCurrent,
  type LogId,
  type LogUpdate,
  MAX_TOLD_ADMINS,
  pictureOfGroup,
} from '@chasqui/domain';
import type { AppliedChange } from '@chasqui/ports';
import { showPicture } from '../attachments/shown-picture.ts';
import type { Answer, Database, Statement, Transaction } from '../engine/index.ts';
import { type Head, lockHeads, saveHeads } from '../logs/log-heads.ts';
import { Appender, updateEntry } from '../logs/log-rows.ts';
import { dropEditMentions } from './edit-mentions.ts';
import {
  groupsOf,
  type MemberRow,
  memberKey,
  membersOf,
  saveGroup,
  saveMembers,
  selectGroups,
  selectMembers,
} from './group-rows.ts';
import { linkOfRow, SELECT_LINKS, saveLinks } from './links.ts';
import { namesOf, saveWords, selectNames } from './member-names.ts';
import { selectTotals, type TotalKey, totalKey, totalsOf, Who } from './totals.ts';

/** How long outcomes are kept, in ms. */
const KEPT_MS = 2 * 86_400_000;
const KEPT = 'SELECT digest, outcome FROM group_changes WHERE conversation_id = ? AND asker = ? AND change_id = ?';
const KEEP =
  'INSERT INTO group_changes (conversation_id, asker, change_id, digest, outcome, at) VALUES (?, ?, ?, ?, ?, ?)';
const FORGET = 'DELETE FROM group_changes WHERE at < ? ORDER BY at LIMIT 10';
const GROUPS_OF = `SELECT m.user_id, COUNT(*) FROM group_members AS m STRAIGHT_JOIN chat_groups AS g
  ON g.conversation_id = m.conversation_id WHERE m.user_id IN (?) AND m.left_at = 0 AND g.dissolved_at = 0 GROUP BY m.user_id`;
const REQUESTS = 'SELECT user_id, at FROM group_requests WHERE conversation_id = ? AND user_id IN (?)';
const COUNTS = `SELECT (SELECT COUNT(*) FROM group_links WHERE conversation_id = ? AND (expires_at = 0 OR expires_at > ?)),
  (SELECT COUNT(*) FROM group_requests WHERE conversation_id = ?)`;
const ADMINS = `SELECT user_id FROM group_members WHERE conversation_id = ? AND left_at = 0 AND role = 1
  ORDER BY user_id LIMIT ?`;
const ADD_REQUESTS =
  'INSERT INTO group_requests (conversation_id, user_id, at) VALUES ? ON DUPLICATE KEY UPDATE at = VALUES(at)';
const END_REQUESTS = 'DELETE FROM group_requests WHERE conversation_id = ? AND user_id IN (?)';

/** The outcome of an earlier change by the asker and `changeId`; null: there was none. */
export function keptOutcome(change: GroupChange): Statement {
  return { sql: KEPT, values: [change.conversationId, change.by, change.changeId] };
}

export function keepOutcome(change: GroupChange, outcome: ChangeOutcome, now: number): Statement {
  const { conversationId, by, changeId } = change;
  return { sql: KEEP, values: [conversationId, by, changeId, changeDigest(change), JSON.stringify(outcome), now] };
}

export function outcomeOf(change: GroupChange, answer: Answer | undefined): ChangeOutcome | null {
  const row = answer?.rows[0];
  if (row === undefined) return null;
  const [digest, outcome] = row as [string, string];
  return digest === changeDigest(change) ? (JSON.parse(outcome) as ChangeOutcome) : { result: 'conflict' };
}

/** See `GroupStore.apply`. Locks the group's log, and the inboxes of all whom the change may concern. */
export function applyChange(database: Database, change: GroupChange, bounds: GroupBounds): Promise<AppliedChange> {
  return database.transaction<AppliedChange>(async (transaction, earlier) => {
    const now = database.clock.now();
    const read = await readState(transaction, change, now);
    if (read.kept !== null) {
      const repeat = { outcome: read.kept, notice: null, told: [], isRepeat: true };
      return { result: earlier ?? repeat, writes: [] };
    }
    const decision = decideChange(read.state, change, bounds);
    const { heads } = read;
    // Only a join tells others than those it names: the admins, whose inboxes are locked now.
    const unlocked = decision.told.map(({ userId }) => inboxOf(userId)).filter((log) => !heads.has(log));
    if (unlocked.length > 0)
      for (const [log, head] of (await lockHeads(transaction, unlocked)).locked) heads.set(log, head);
    const appender = new Appender(now);
    const append = <T extends LogUpdate>(log: LogId, update: T) => {
      return { ...update, position: appender.append(heads.get(log) as Head, updateEntry(update)) };
    };
    const before = read.state.group?.picture ?? '';
    const after = decision.group?.picture ?? before;
    const pictures = { before, after, by: change.by, now };
    const shown = await showPicture(transaction, pictureOfGroup(change.conversationId), pictures);
    const { outcome, notice, told } = decision;
    const result: AppliedChange = {
      outcome,
      notice: notice && append(groupLog(change.conversationId), notice),
      told: told.map(({ userId, update }) => ({ userId, entry: append(inboxOf(userId), update) })),
      isRepeat: false,
    };
    const writes: Statement[] = [
      keepOutcome(change, outcome, now),
      { sql: FORGET, values: [now - KEPT_MS] },
      ...appender.statements(),
      ...(appender.heads.size === 0 ? [] : [saveHeads(appender.heads)]),
      ...rowsOf(change, decision, read),
      ...shown,
    ];
    return { result, writes };
  });
}

interface Read {
  kept: ChangeOutcome | null;
  state: ChangeState;
  rows: Map<string, MemberRow>;
  names: Map<string, string>;
  totals: Map<string, number>;
  heads: Map<LogId, Head>;
}

async function readState(transaction: Transaction, change: GroupChange, now: number): Promise<Read> {
  const { conversationId, at } = change;
  const { users, newcomers, linkId, admins } = concernedBy(change);
  const all = [...new Set([...users, ...newcomers])];
  const log = groupLog(conversationId);
  const { locked, answers } = await lockHeads(
    transaction,
    [log, ...all.map(inboxOf)],
    [
      keptOutcome(change),
      selectGroups([conversationId]),
      selectMembers(all.map((userId) => ({ conversationId, userId }))),
      { sql: GROUPS_OF, values: [newcomers.length === 0 ? [''] : newcomers] },
      { sql: REQUESTS, values: [conversationId, all] },
      { sql: `${SELECT_LINKS} WHERE link_id = ?`, values: [linkId ?? ''] },
      { sql: COUNTS, values: [conversationId, at, conversationId] },
      { sql: ADMINS, values: [conversationId, admins ? MAX_TOLD_ADMINS : 0] },
      selectNames(newcomers),
      selectTotals(newcomers.flatMap((userId) => totalsFor(conversationId, userId))),
    ],
  );
  const [kept, groups, members, groupsOfUsers, requests, link, counts, adminRows, names, totals] = answers;
  const rows = membersOf(members);
  const [linkCount, requestCount] = (counts?.rows[0] ?? [0, 0]) as [number, number];
  const linkRow = link?.rows[0];
  const state: ChangeState = {
    group: groupsOf(groups).get(conversationId) ?? null,
    members: users.flatMap((userId) => rows.get(memberKey({ conversationId, userId }))?.member ?? []),
    groupsOf: new Map(groupsOfUsers?.rows as [string, number][] | undefined),
    requests: (requests?.rows ?? []).map(([userId, asked]) => ({
      conversationId,
      userId: userId as string,
      at: asked as number,
    })),
    link: linkRow === undefined ? null : linkOfRow(linkRow),
    linkCount,
    requestCount,
    admins: (adminRows?.rows ?? []).map(([userId]) => userId as string),
    head: locked.get(log)?.head ?? 0,
    now,
  };
  return { kept: outcomeOf(change, kept), state, rows, names: namesOf(names), totals: totalsOf(totals), heads: locked };
}

function totalsFor(conversationId: string, userId: string): TotalKey[] {
  const whos = [Who.messages, Who.toAll, Who.own(userId), Who.ownToAll(userId), Who.named(userId)];
  return whos.map((who) => ({ conversationId, who }));
}

/** The rows of groups that a decision changes. */
function rowsOf(
  { conversationId, at }: GroupChange,
  decision: ChangeDecision,
  { rows, names, totals }: Read,
): Statement[] {
  const { group, members, newcomers, requests, endedRequests } = decision;
  const writes = saveLinks(conversationId, decision, at);
  if (requests.length > 0) {
    const values = requests.map(({ userId, at: asked }) => [conversationId, userId, asked]);
    writes.push({ sql: ADD_REQUESTS, values: [values] });
  }
  if (endedRequests.length > 0) writes.push({ sql: END_REQUESTS, values: [conversationId, endedRequests] });
  if (group === null) return writes;
  const total = (who: string) => totals.get(totalKey({ conversationId, who })) ?? 0;
  const changed = members.map((member): MemberRow => {
    const { userId, joinedAt } = member;
    const known = rows.get(memberKey(member));
    if (known !== undefined && !newcomers.includes(userId)) return { ...known, member };
    const displayName = names.get(userId) ?? userId;
    // Nothing is unread for somebody who joins.
    const others = total(Who.messages) - total(Who.own(userId));
    const mentions = total(Who.toAll) - total(Who.ownToAll(userId)) + total(Who.named(userId));
    return { member, displayName, read: { upTo: group.lastMessageId, at: joinedAt, node: '', others, mentions } };
  });
  const isNew = ({ member }: MemberRow) => newcomers.includes(member.userId);
  const renamed = changed.map(({ member, displayName }) => {
    const known = rows.get(memberKey(member));
    return {
      ...{ conversationId, userId: member.userId },
      before: known !== undefined && isCurrent(known.member) ? known.displayName : null,
      now: isCurrent(member) ? displayName : null,
    };
  });
  const hadMark = ({ member }: MemberRow) => rows.has(memberKey(member));
  const outdated = changed.filter((row) => hadMark(row) && (isNew(row) || !isCurrent(row.member)));
  return [
    ...writes,
    saveGroup(group),
    ...dropEditMentions(
      conversationId,
      outdated.map(({ member: { userId } }) => userId),
    ),
    ...saveWords(renamed),
    ...saveMembers(changed.filter(isNew), true),
    ...saveMembers(
      changed.filter((row) => !isNew(row)),
      false,
    ),
  ];
}
