import {
  type ChangeDecision,
  type ChangeState,
  concernedBy,
  decideChange,
  type GroupBounds,
  type GroupChange,
  groupLog,
  isCurrent,
  type LogUpdate,
  MAX_TOLD_ADMINS,
  type Member,
  pictureOfGroup,
} from '@chasqui/domain';
import type { AppliedChange } from '@chasqui/ports';
import { showPicture } from '../attachments/shown-picture.ts';
import type { StoreContext } from '../store-context.ts';
import { keepOutcome, keptOutcome } from './change-log.ts';
import { countsUpTo } from './counts.ts';
import { dropEditMentions } from './edit-mentions.ts';
import { endLink, findLink, findRequest, liveLinks, putLink } from './group-links.ts';
import type { GroupState } from './groups.ts';
import { changeWords, displayNameOf } from './member-names.ts';
import type { MarkInGroup } from './members.ts';

const GROUPS_OF = `SELECT count(*) FROM members m JOIN groups g ON g.conversation = m.conversation
  WHERE m.name = ? AND m.left_at = 0 AND g.dissolved_at = 0`;
const ADMINS = `SELECT name FROM members WHERE conversation = ? AND left_at = 0 AND role = 1 ORDER BY name LIMIT ?`;
const REQUEST_COUNT = 'SELECT count(*) FROM group_requests WHERE conversation = ?';

/** See `GroupStore.apply`. */
export function applyChange(store: StoreContext, change: GroupChange, bounds: GroupBounds, now: number): AppliedChange {
  const kept = keptOutcome(store.db, change);
  if (kept !== null) return { outcome: kept, notice: null, told: [], isRepeat: true };
  const state = stateFor(store, change, now);
  const decision = decideChange(state, change, bounds);
  const { outcome } = decision;
  keepOutcome(store.db, change, outcome, now);
  writeRows(store, change, decision);
  const before = state.group?.picture ?? '';
  const after = decision.group?.picture ?? before;
  showPicture(store.db, pictureOfGroup(change.conversationId), { before, after, by: change.by, now });
  const append = <T extends LogUpdate>(log: string, update: T) => {
    const position = store.journal.append(store.users.obtain(log), JSON.stringify(update), now);
    return { ...update, position };
  };
  return {
    outcome,
    notice: decision.notice && append(groupLog(change.conversationId), decision.notice),
    told: decision.told.map(({ userId, update }) => ({ userId, entry: append(userId, update) })),
    isRepeat: false,
  };
}

function stateFor({ db, groups, members, users }: StoreContext, change: GroupChange, now: number): ChangeState {
  const { conversationId, at } = change;
  const { users: concerned, newcomers, linkId, admins } = concernedBy(change);
  const state = groups.find(conversationId);
  const rowOf = (userId: string) => state && members.find(state.id, { conversationId, userId })?.member;
  const all = [...new Set([...concerned, ...newcomers])];
  return {
    group: state?.group ?? null,
    members: concerned.flatMap((userId) => rowOf(userId) ?? []),
    groupsOf: new Map(newcomers.map((userId) => [userId, db.number(GROUPS_OF, userId)])),
    requests: all.flatMap((userId) => findRequest(db, conversationId, userId) ?? []),
    link: linkId === null ? null : findLink(db, linkId),
    linkCount: liveLinks(db, conversationId, at).length,
    requestCount: db.number(REQUEST_COUNT, conversationId),
    admins:
      admins && state !== undefined ? db.all(ADMINS, state.id, MAX_TOLD_ADMINS).map(([name]) => name as string) : [],
    head: users.find(groupLog(conversationId))?.head ?? 0,
    now,
  };
}

function writeRows(store: StoreContext, { conversationId, at }: GroupChange, decision: ChangeDecision): void {
  const { db, groups, groupJournal } = store;
  for (const link of decision.links) putLink(db, link, at);
  for (const linkId of decision.endedLinks) endLink(db, linkId);
  for (const { userId, at: askedAt } of decision.requests) {
    db.run('INSERT OR REPLACE INTO group_requests VALUES (?, ?, ?)', conversationId, userId, askedAt);
  }
  for (const userId of decision.endedRequests) {
    db.run('DELETE FROM group_requests WHERE conversation = ? AND name = ?', conversationId, userId);
  }
  if (decision.group === null) return;
  const state = groups.write(decision.group);
  groupJournal.written(state);
  for (const member of decision.members) writeMember(store, state, member, decision.newcomers.includes(member.userId));
}

function writeMember(store: StoreContext, state: GroupState, member: Member, isNewcomer: boolean): void {
  const known = store.members.find(state.id, member);
  const user = known?.user ?? store.users.obtain(member.userId).id;
  if (isNewcomer || !isCurrent(member)) dropEditMentions(store.db, state.id, user);
  const read = isNewcomer || known === undefined ? markAtEnd(store, state, user, member.joinedAt) : known.read;
  const displayName = isNewcomer || known === undefined ? displayNameOf(store.db, member.userId) : known.displayName;
  const before = isCurrent(known?.member) ? known.displayName : null;
  changeWords(store.db, state.id, member.userId, before, isCurrent(member) ? displayName : null);
  store.members.write(state.id, { member, user, read, displayName });
}

/** The mark of somebody who joins: nothing is unread for them. */
function markAtEnd(store: StoreContext, { id, group }: GroupState, user: number, at: number): MarkInGroup {
  return { upTo: group.lastMessageId, at, node: '', ...countsUpTo(store, id, user) };
}
