import { NAME_WORD_RULES, nameWords, type Profile } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { Link } from '../engine/link.ts';

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
