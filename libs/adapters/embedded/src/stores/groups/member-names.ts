import { isFoundAt, MEMBER_NAME_RULES, memberOrder, memberSearch, memberWords, ROLES } from '@chasqui/domain';
import { type FoundMembers, type GroupStore, MAX_FOUND_WORDS, type NamedMember } from '@chasqui/ports';
import type { Database } from '../../sqlite/database.ts';
import { profileOf } from '../people/read-profile.ts';
import { MEMBER_COLUMNS, memberRowOf } from './members.ts';

const IN_GROUPS = 'SELECT conversation, display_name FROM members WHERE name = ? AND left_at = 0';
const SET = 'UPDATE members SET (display_name, display_order) = (?, ?) WHERE conversation = ? AND name = ?';
const ADD_WORD = 'INSERT OR IGNORE INTO member_words VALUES (?, ?, ?)';
const DROP_WORD = 'DELETE FROM member_words WHERE conversation = ? AND word = ? AND name = ?';
const COLUMNS = MEMBER_COLUMNS.split(', ')
  .map((column) => `m.${column}`)
  .join(', ');
export const BY_NAME = `SELECT ${COLUMNS} FROM members m INDEXED BY members_order
  WHERE conversation = ?1 AND left_at = 0 AND (role, display_order, name) > (?2, ?3, ?4) AND role <= ?5
  ORDER BY role, display_order, name LIMIT ?6`;
export const FIND = `SELECT w.word, ${COLUMNS} FROM member_words w
  CROSS JOIN members m ON m.conversation = w.conversation AND m.name = w.name
  WHERE w.conversation = ?1 AND (w.word, w.name) > (?2, ?3) AND w.word < ?4 ORDER BY w.word, w.name LIMIT ?5`;

/** The name that others see. */
export function displayNameOf(db: Database, userId: string): string {
  return profileOf(db, userId)?.displayName ?? userId;
}

/** Makes the search words of a member those of `now`; null: not a member. */
export function changeWords(
  db: Database,
  conversation: number,
  userId: string,
  before: string | null,
  now: string | null,
): void {
  const wordsOf = (name: string | null) => new Set(name === null ? [] : memberWords(userId, name));
  const [old, wanted] = [wordsOf(before), wordsOf(now)];
  for (const word of old.difference(wanted)) db.run(DROP_WORD, conversation, word, userId);
  for (const word of wanted.difference(old)) db.run(ADD_WORD, conversation, word, userId);
}

/** The user has another name: all groups that they are in list it. */
export function renameInGroups(db: Database, userId: string, displayName: string): void {
  for (const [conversation, before] of db.all(IN_GROUPS, userId)) {
    if (before === displayName) continue;
    changeWords(db, conversation as number, userId, before as string, displayName);
    db.run(SET, displayName, memberOrder(displayName), conversation as number, userId);
  }
}

/** See `GroupStore.byName`. */
export function membersByName(
  db: Database,
  id: number,
  conversationId: string,
  { role, after, limit }: Parameters<GroupStore['byName']>[1],
): NamedMember[] {
  const only = role === undefined ? undefined : ROLES.indexOf(role);
  const start = after
    ? ([ROLES.indexOf(after.role), after.order, after.userId] as const)
    : ([only ?? 0, '', ''] as const);
  return db.all(BY_NAME, id, ...start, only ?? ROLES.length, limit).map((row) => {
    const { member, displayName } = memberRowOf(db, conversationId, row);
    return { member, displayName };
  });
}

/** See `GroupStore.find`. */
export function findMembers(
  db: Database,
  id: number,
  conversationId: string,
  { text, role, after, limit }: Parameters<GroupStore['find']>[1],
): FoundMembers {
  const search = memberSearch(text);
  if (search === null) return { members: [] };
  const members: NamedMember[] = [];
  let place = after ?? { word: search.lead, userId: '' };
  let read = 0;
  for (const [word, ...row] of db.iterate(
    ...([FIND, id, place.word, place.userId, `${search.lead}\u{10ffff}`, MAX_FOUND_WORDS] as const),
  )) {
    if (members.length === limit) return { members, next: place };
    read++;
    const { member, displayName } = memberRowOf(db, conversationId, row);
    place = { word: word as string, userId: member.userId };
    if (role !== undefined && member.role !== role) continue;
    if (isFoundAt(place.word, memberWords(member.userId, displayName), search)) members.push({ member, displayName });
  }
  return read === MAX_FOUND_WORDS ? { members, next: place } : { members };
}

const PAGE = 1_000;
const ROWS = `SELECT conversation, name, left_at FROM members WHERE (conversation, name) > (?, ?)
  ORDER BY conversation, name LIMIT ${PAGE}`;

/** Recomputes the names of all members once, if the rules are of an older version. An interrupted upgrade starts again. */
export function renewMemberNames(db: Database): void {
  if (db.number("SELECT value FROM meta WHERE key = 'member_name_rules'") === MEMBER_NAME_RULES) return;
  db.begin();
  db.run('DELETE FROM member_words');
  let last: [number, string] = [0, ''];
  for (;;) {
    const rows = db.all(ROWS, ...last) as [number, string, number][];
    for (const [conversation, userId, leftAt] of rows) {
      const displayName = displayNameOf(db, userId);
      if (leftAt === 0) changeWords(db, conversation, userId, null, displayName);
      db.run(SET, displayName, memberOrder(displayName), conversation, userId);
      last = [conversation, userId];
    }
    if (rows.length < PAGE) break;
  }
  db.run("INSERT OR REPLACE INTO meta VALUES ('member_name_rules', ?)", MEMBER_NAME_RULES);
  db.commit();
}
