import type { Database, Told } from '../../sqlite/database.ts';
import type { UpgradeWork } from '../../sqlite/upgrade-work.ts';
import {
  ADDRESS_COLUMNS,
  FORMER_CONVERSATION_TABLES,
  FORMER_DEDUP_TABLE,
  PROGRESS_TABLE,
  ZONES_TABLE,
} from '../conversation-tables.ts';
import { emptyFormerJournal } from './former-journal.ts';

/** Conversations, or senders, whose rows one statement converts. */
const SLICE = 5_000;

const BEGIN = `
ALTER TABLE conversations RENAME TO former_conversations;
ALTER TABLE dedup RENAME TO former_dedup;
ALTER TABLE progress RENAME TO former_progress;
ALTER TABLE zones RENAME TO former_zones;
DROP INDEX zones_max;
${FORMER_CONVERSATION_TABLES}${FORMER_DEDUP_TABLE}${PROGRESS_TABLE}${ZONES_TABLE}${ADDRESS_COLUMNS}
ALTER TABLE inbox ADD COLUMN sender INTEGER;
ALTER TABLE recalls RENAME TO actions;
ALTER TABLE actions ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
-- A zone had twice as many row ids.
INSERT INTO zones SELECT 2 * zone, min_id, max_id FROM former_zones;
INSERT INTO zones SELECT 2 * zone + 1, min_id, max_id FROM former_zones;
`;

const END = `
DROP TABLE former_conversations; DROP TABLE former_dedup; DROP TABLE former_zones;
DROP TABLE members; DROP TABLE silenced;
`;

const CONVERSATIONS = `INSERT INTO conversations SELECT id, name FROM former_conversations WHERE id > ?1 AND id <= ?2`;

/**
 * The entries of one of the two users, a or b. A message that the receiver silently blocked is only in its sender's
 * entry.
 */
function entriesOf(own: 'a' | 'b', side: 0 | 1): string {
  const isOwn = "ifnull(s.last_id, '') > c.last_id";
  return `INSERT INTO entries (conversation, user, touched_at, last_id, last_from, preview, updated_at,
      sent, unread, read_id, incoming, trimmed)
    SELECT c.id, c.${own}, ifnull(m.touched_at, 0), iif(${isOwn}, s.last_id, c.last_id),
      iif(${isOwn}, c.${own}, iif(c.last_side = 0, c.a, c.b)), iif(${isOwn}, s.preview, c.preview),
      max(c.updated_at, ifnull(s.updated_at, 0)),
      c.sent_${own}, c.unread_${own}, c.read_${own}, c.incoming_${own}, c.trimmed_${own}
    FROM former_conversations c
    LEFT JOIN silenced s ON s.conversation = c.id AND s.side = ${side}
    LEFT JOIN members m ON m.user = c.${own} AND m.conversation = c.id
    WHERE c.id > ?1 AND c.id <= ?2 AND (c.last_id <> '' OR s.last_id IS NOT NULL)`;
}
const ENTRIES = [entriesOf('a', 0), entriesOf('b', 1)];

/** Position 0: the receiver silently blocked the sender. */
const DEDUP = `INSERT INTO dedup SELECT d.sender, d.client_id, d.message_id, d.digest, d.conversation,
    d.sender || ' ' || d.sender_position ||
      iif(d.receiver_position = 0, '', ',' || (c.a + c.b - d.sender) || ' ' || d.receiver_position), d.at
  FROM former_dedup d JOIN former_conversations c ON c.id = d.conversation WHERE d.sender > ?1 AND d.sender <= ?2`;

/**
 * Upgrades to version 10: one row for each (conversation, user). Before, one row served both users of a conversation,
 * with a table of the messages that one of them blocked. Rows of messages and inboxes stay unchanged, as there may be
 * many millions: their readers know both forms.
 */
export function onePerUser(db: Database, _told: Told, work: UpgradeWork): void {
  work.once('tables of entries', () => {
    emptyFormerJournal(db);
    db.exec(BEGIN);
  });
  const inSlices = (what: string, max: string, statements: readonly string[]) => {
    const last = db.number(max);
    const size = Math.min(SLICE, work.rows);
    for (let from = work.from(what) ?? 0; from < last; from += size) {
      for (const sql of statements) db.run(sql, from, from + size);
      work.reached(what, from + size, `${Math.min(last, from + size)} of ${last}`);
    }
  };
  inSlices('conversations', 'SELECT max(id) FROM former_conversations', [CONVERSATIONS, ...ENTRIES]);
  inSlices('senders', 'SELECT max(sender) FROM former_dedup', [DEDUP]);
  db.exec(END);
}
