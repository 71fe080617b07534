import { NAME_WORD_RULES, nameWords, type Profile, pictureOfUser, searchedNameWords } from '@chasqui/domain';
import type { Database } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import { showPicture } from '../attachments/shown-picture.ts';
import { renameInGroups } from '../groups/member-names.ts';
import type { OperationsOf } from './people-operations.ts';
import { profileOf, readProfile } from './read-profile.ts';

/** The maximum of rows of the word index that one search reads. */
const MAX_SCANNED = 5_000;
const LIST = 'SELECT user, body, version FROM profiles WHERE user > ? ORDER BY user LIMIT ?';
const START = 'SELECT user FROM name_words WHERE word >= ? AND word < ? ORDER BY word, user LIMIT ?';
const HAS = 'SELECT 1 FROM name_words WHERE word >= ? AND word < ? AND user = ? LIMIT 1';

/** Sorts after every text that begins with `start`: no word has this code point. */
function endOf(start: string): string {
  return `${start}\u{10ffff}`;
}

function put(db: Database, profile: Profile, now: number): boolean {
  const { userId, version } = profile;
  const before = profileOf(db, userId);
  if (version !== (before?.version ?? 0) + 1) return false;
  db.run('INSERT OR REPLACE INTO profiles VALUES (?, ?, ?)', userId, version, JSON.stringify(profile));
  const old = new Set(before === null ? [] : nameWords(before));
  const words = new Set(nameWords(profile));
  for (const word of old.difference(words)) db.run('DELETE FROM name_words WHERE word = ? AND user = ?', word, userId);
  for (const word of words.difference(old)) db.run('INSERT OR IGNORE INTO name_words VALUES (?, ?)', word, userId);
  renameInGroups(db, userId, profile.displayName);
  const { avatar: after } = profile;
  showPicture(db, pictureOfUser(userId), { before: before?.avatar ?? '', after, by: userId, now });
  return true;
}

function remove(db: Database, userId: string, now: number): null {
  const before = profileOf(db, userId);
  if (before === null) return null;
  for (const word of nameWords(before)) db.run('DELETE FROM name_words WHERE word = ? AND user = ?', word, userId);
  db.run('DELETE FROM profiles WHERE user = ?', userId);
  renameInGroups(db, userId, userId);
  showPicture(db, pictureOfUser(userId), { before: before.avatar, after: '', by: userId, now });
  return null;
}

/**
 * Re-indexes the words of all names, once, if the token rules are of an older version: within half a minute for a
 * million users. An interrupted upgrade starts again.
 */
export function renewNameWords(db: Database): void {
  if (db.number("SELECT value FROM meta WHERE key = 'name_word_rules'") === NAME_WORD_RULES) return;
  db.begin();
  db.run('DELETE FROM name_words');
  for (const [user, body, version] of db.iterate('SELECT user, body, version FROM profiles')) {
    const words = nameWords(readProfile(db, user as string, body as string, version as number));
    for (const word of words) db.run('INSERT OR IGNORE INTO name_words VALUES (?, ?)', word, user as string);
  }
  db.run("INSERT OR REPLACE INTO meta VALUES ('name_word_rules', ?)", NAME_WORD_RULES);
  db.commit();
}

/** The longest prefix drives the search, as it matches the fewest words; the others are checked for each user found. */
function search(db: Database, text: string, limit: number): Profile[] {
  const [lead, ...others] = searchedNameWords(text).sort((a, b) => b.length - a.length);
  if (lead === undefined) return [];
  const found = new Set<string>();
  const exact = profileOf(db, text);
  if (exact?.privacy.discoverable) found.add(text);
  for (const [user] of db.iterate(START, lead, endOf(lead), MAX_SCANNED)) {
    if (found.size >= limit) break;
    const userId = user as string;
    if (others.every((start) => db.get(HAS, start, endOf(start), userId) !== undefined)) found.add(userId);
  }
  return [...found].flatMap((userId) => profileOf(db, userId) ?? []);
}

export function profileOperations(db: Database): Handlers<OperationsOf<'profiles'>> {
  return {
    'profiles.get': (userIds) => userIds.map((userId) => profileOf(db, userId)),
    'profiles.put': (profile, now) => put(db, profile, now),
    'profiles.remove': (userId, now) => remove(db, userId, now),
    'profiles.page': ([after, limit]) =>
      db
        .all(LIST, after, limit)
        .map(([user, body, version]) => readProfile(db, user as string, body as string, version as number)),
    'profiles.search': ([text, limit]) => search(db, text, limit),
  };
}
