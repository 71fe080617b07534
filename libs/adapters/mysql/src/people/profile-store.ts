import { nameWords, type Profile, searchedNameWords, type UserId } from '@chasqui/domain';
import type { ProfileStore } from '@chasqui/ports';
import type { Answer, Database, Statement } from '../engine/index.ts';

/** Maximum words that one search reads. */
const MAX_SCANNED = 5_000;
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
    const [dropped, added] = [[...old.difference(now)], [...now.difference(old)]];
    return {
      result: true,
      writes: [
        { sql: kept === undefined ? INSERT : UPDATE, values: [version, body, userId] },
        ...(dropped.length === 0 ? [] : [{ sql: DROP_WORDS, values: [userId, dropped] }]),
        ...(added.length === 0 ? [] : [{ sql: ADD_WORDS, values: [added.map((word) => [word, userId])] }]),
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
    search: (text, limit) => search(database, text, limit),
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
