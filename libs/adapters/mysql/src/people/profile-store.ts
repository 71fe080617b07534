import {
  NAME_WORD_RULES,
  nameWords,
  type Profile,
  pictureOfUser,
  searchedNameWords,
  type UserId,
} from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { ProfileStore } from '@chasqui/ports';
import { showPicture } from '../attachments/shown-picture.ts';
import type { Answer, Database, Statement } from '../engine/index.ts';
import type { Link } from '../engine/link.ts';
import { renameInGroups } from '../groups/member-names.ts';

/** Maximum words that one search reads. */
const MAX_SCANNED = 5_000;
const LIST = 'SELECT body FROM profiles WHERE user_id > ? ORDER BY user_id LIMIT ?';
const INSERT = 'INSERT INTO profiles (version, body, user_id) VALUES (?, ?, ?)';
const UPDATE = 'UPDATE profiles SET version = ?, body = ? WHERE user_id = ?';
const DROP_WORDS = 'DELETE FROM name_words WHERE user_id = ? AND word IN (?)';
const ADD_WORDS = 'INSERT IGNORE INTO name_words (word, user_id) VALUES ?';
const ALSO = 'EXISTS (SELECT 1 FROM name_words WHERE user_id = led.user_id AND word >= ? AND word < ?)';

function select(userIds: readonly UserId[]): Statement {
  return { sql: 'SELECT body FROM profiles WHERE user_id IN (?)', values: [userIds] };
}

function profilesOf(answer: Answer | undefined): Profile[] {
  return (answer?.rows ?? []).map(([body]) => JSON.parse(body as string) as Profile);
}

/** If two calls write the first version at once, the second finds the key taken, and retries. */
function put(database: Database, profile: Profile): Promise<boolean> {
  const { userId, version } = profile;
  const body = JSON.stringify(profile);
  return database.transaction<boolean>(async (transaction, earlier) => {
    const { sql, values } = select([userId]);
    const [found] = await transaction.query([{ sql: `${sql} FOR UPDATE`, values: values ?? [] }]);
    const [kept] = profilesOf(found);
    if (version !== (kept?.version ?? 0) + 1) {
      return { result: earlier === true && found?.rows[0]?.[0] === body, writes: [] };
    }
    const old = new Set(kept === undefined ? [] : nameWords(kept));
    const now = new Set(nameWords(profile));
    const isRenamed = profile.displayName !== (kept?.displayName ?? userId);
    const renaming = isRenamed ? await renameInGroups(transaction, userId, profile.displayName) : [];
    const [dropped, added] = [[...old.difference(now)], [...now.difference(old)]];
    const avatars = { before: kept?.avatar ?? '', after: profile.avatar };
    const change = { ...avatars, by: userId, now: database.clock.now() };
    const pictures = await showPicture(transaction, pictureOfUser(userId), change);
    return {
      result: true,
      writes: [
        { sql: kept === undefined ? INSERT : UPDATE, values: [version, body, userId] },
        ...renaming,
        ...pictures,
        ...(dropped.length === 0 ? [] : [{ sql: DROP_WORDS, values: [userId, dropped] }]),
        ...(added.length === 0 ? [] : [{ sql: ADD_WORDS, values: [added.map((word) => [word, userId])] }]),
      ],
    };
  });
}

function remove(database: Database, userId: UserId): Promise<null> {
  return database.transaction<null>(async (transaction) => {
    const [found] = await transaction.query([{ sql: `${select([userId]).sql} FOR UPDATE`, values: [[userId]] }]);
    const before = profilesOf(found)[0]?.avatar ?? '';
    const change = { before, after: '', by: userId, now: database.clock.now() };
    const pictures = await showPicture(transaction, pictureOfUser(userId), change);
    const renaming = await renameInGroups(transaction, userId, userId);
    return {
      result: null,
      writes: [
        { sql: 'DELETE FROM profiles WHERE user_id = ?', values: [userId] },
        { sql: 'DELETE FROM name_words WHERE user_id = ?', values: [userId] },
        ...renaming,
        ...pictures,
      ],
    };
  });
}

/** Sorts above every text that begins with `start`: no word contains this code point. */
function endOf(start: string): string {
  return `${start}\u{10ffff}`;
}

/**
 * One statement, so that a user who hides meanwhile is not shown. The longest prefix leads, as the fewest words match
 * it.
 */
function find(words: readonly string[], limit: number): Statement {
  const [lead = '', ...others] = [...words].sort((a, b) => b.length - a.length);
  const sql = `SELECT profiles.body FROM (
      SELECT led.user_id, MIN(led.word) AS first FROM (
        SELECT word, user_id FROM name_words WHERE word >= ? AND word < ? ORDER BY word, user_id LIMIT ?
      ) AS led ${others.length === 0 ? '' : `WHERE ${others.map(() => ALSO).join(' AND ')}`}
      GROUP BY led.user_id ORDER BY first, led.user_id LIMIT ?
    ) AS found JOIN profiles ON profiles.user_id = found.user_id ORDER BY found.first, found.user_id`;
  const ranges = others.flatMap((start) => [start, endOf(start)]);
  return { sql, values: [lead, endOf(lead), MAX_SCANNED, ...ranges, limit] };
}

async function search(database: Database, text: string, limit: number): Promise<Profile[]> {
  const words = searchedNameWords(text);
  if (words.length === 0) return [];
  const exact = profilesOf(await database.run(select([text]))).filter(({ privacy }) => privacy.discoverable);
  const others = profilesOf(await database.run(find(words, limit))).filter(({ userId }) => userId !== text);
  return [...exact, ...others].slice(0, limit);
}

export function createProfileStore(database: Database): ProfileStore {
  return {
    async get(userIds) {
      if (userIds.length === 0) return [];
      const found = new Map(profilesOf(await database.run(select(userIds))).map((one) => [one.userId, one]));
      return userIds.map((userId) => found.get(userId) ?? null);
    },
    put: (profile) => put(database, profile),
    async remove(userId) {
      await remove(database, userId);
    },
    search: (text, limit) => search(database, text, limit),
    page: async (after, limit) => profilesOf(await database.run({ sql: LIST, values: [after, limit] })),
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}

/** Profiles per transaction. */
const PAGE = 500;
const RULES = "SELECT value FROM meta WHERE name = 'name_word_rules'";
const SET_RULES = "REPLACE INTO meta (name, value) VALUES ('name_word_rules', ?)";
const PROFILES = 'SELECT user_id, body FROM profiles WHERE user_id > ? ORDER BY user_id LIMIT ? FOR UPDATE';

/**
 * Recomputes the words of all names that follow an older version's rules. Profiles that apps write meanwhile wait for
 * their page. An interrupted run starts again with the next setup. Errors: the driver's.
 */
export async function renewNameWords(link: Link, logger: Logger): Promise<void> {
  const [kept] = await link.run([{ sql: RULES }]);
  if (kept?.rows[0]?.[0] === String(NAME_WORD_RULES)) return;
  let users = 0;
  for (let after = ''; ; ) {
    const [, page] = await link.run([{ sql: 'START TRANSACTION' }, { sql: PROFILES, values: [after, PAGE] }]);
    const profiles = (page?.rows ?? []).map(([, body]) => JSON.parse(body as string) as Profile);
    const userIds = profiles.map(({ userId }) => userId);
    const words = profiles.flatMap((profile) => nameWords(profile).map((word) => [word, profile.userId]));
    await link.run([
      ...(userIds.length === 0 ? [] : [{ sql: 'DELETE FROM name_words WHERE user_id IN (?)', values: [userIds] }]),
      ...(words.length === 0
        ? []
        : [{ sql: 'INSERT IGNORE INTO name_words (word, user_id) VALUES ?', values: [words] }]),
      { sql: 'COMMIT' },
    ]);
    users += profiles.length;
    after = userIds.at(-1) ?? after;
    if (profiles.length < PAGE) break;
  }
  await link.run([{ sql: SET_RULES, values: [String(NAME_WORD_RULES)] }]);
  if (users > 0) logger.info({ users }, 'MySQL: the search words of names were rebuilt');
}
