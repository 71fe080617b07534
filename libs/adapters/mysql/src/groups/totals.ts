import type { Answer, Row, Statement } from '../engine/index.ts';

/** What a running total counts: messages of a group, those that mention all, and for one user: */
export const Who = {
  messages: '#',
  toAll: '*',
  /** The user's own messages. */
  own: (userId: string) => `=${userId}`,
  /** The user's own messages that mention all. */
  ownToAll: (userId: string) => `~${userId}`,
  /** Messages of others that mention the user by name. */
  named: (userId: string) => `!${userId}`,
};

export interface TotalKey {
  conversationId: string;
  who: string;
}

/** By all columns of the key: ordered by the message alone, MySQL 8 sorts every total of an outer row's user. */
const LATEST = 'ORDER BY t.conversation_id DESC, t.who DESC, t.message_id DESC LIMIT 1';
/** Keys as JSON: a UNION of as many queries takes 25 times as long to parse. */
const LAST = `SELECT k.c, k.w, (SELECT total FROM group_totals AS t WHERE t.conversation_id = k.c COLLATE utf8mb4_bin
    AND t.who = k.w COLLATE utf8mb4_bin ${LATEST})
  FROM JSON_TABLE(?, '$[*]' COLUMNS (c VARCHAR(64) PATH '$[0]', w VARCHAR(65) PATH '$[1]')) AS k`;
const SAVE = 'INSERT INTO group_totals (conversation_id, who, message_id, total) VALUES ?';

export function totalKey({ conversationId, who }: TotalKey): string {
  return `${conversationId} ${who}`;
}

/** The latest total of each key: one look-up for each. */
export function selectTotals(keys: readonly TotalKey[]): Statement {
  const rows = keys.map(({ conversationId, who }) => [conversationId, who]);
  return { sql: LAST, values: [JSON.stringify(rows)] };
}

/** By `totalKey`. */
export function totalsOf(answer: Answer | undefined): Map<string, number> {
  return new Map(
    answer?.rows.map((row) => {
      const [conversationId, who, total] = row as [string, string, number | null];
      return [totalKey({ conversationId, who }), total ?? 0];
    }),
  );
}

export function saveTotals(rows: readonly Row[]): Statement {
  return { sql: SAVE, values: [rows] };
}

/** The total of a `who` in the group of a row `m`, up to a message; `userId` and `upTo` are columns or parameters. */
function total(who: string, upTo: string | null): string {
  const bound = upTo === null ? '' : ` AND message_id <= ${upTo}`;
  return `COALESCE((SELECT total FROM group_totals AS t WHERE t.conversation_id = m.conversation_id
    AND t.who = ${who}${bound} ${LATEST}), 0)`;
}

const ofUser = (prefix: string) => `CONCAT('${prefix}', m.user_id)`;

/** Of a row `m` of group_members: the messages after the mark that mention the member since an edit. */
const BY_EDITS = `(SELECT COUNT(*) FROM edit_mentions AS e
    WHERE e.conversation_id = m.conversation_id AND e.user_id = m.user_id AND e.message_id > m.read_up_to)`;

/**
 * Two columns for a row `m` of group_members: the messages of others up to a message, included, and those of them that
 * mention the member. `upTo`: an SQL expression; null: of all, also of those after the mark that do so since an edit.
 */
export function countColumns(upTo: string | null): string {
  const others = `${total("'#'", upTo)} - ${total(ofUser('='), upTo)}`;
  const mentions = `${total("'*'", upTo)} - ${total(ofUser('~'), upTo)} + ${total(ofUser('!'), upTo)}`;
  return `${others}, ${mentions}${upTo === null ? ` + ${BY_EDITS}` : ''}`;
}

/** A column for a row `m` of group_members: the mentions of the member after their mark, counted one by one. */
export function mentionsAfterMark(): string {
  const count = (who: string) => `(SELECT COUNT(*) FROM group_totals AS t
    WHERE t.conversation_id = m.conversation_id AND t.who = ${who} AND t.message_id > m.read_up_to)`;
  return `${count("'*'")} - ${count(ofUser('~'))} + ${count(ofUser('!'))} + ${BY_EDITS}`;
}
