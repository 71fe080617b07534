import type { Database, Row } from '../../sqlite/database.ts';
import { damaged } from '../../sqlite/file-faults.ts';
import { gapAt } from '../conversations/logs.ts';

/** A transaction in the flat form of versions 1 to 9. */
interface FormerTransaction {
  /**
   * Conversation, sender, receiver, message id, client id, digest, time, sender's and receiver's position, receiver's
   * previous position.
   */
  recordings: (string | number)[];
  /** User, position, and the six columns of an inbox row. */
  updates: (string | number | null)[];
  /** Conversation, and its fifteen mutable columns. */
  conversations: (string | number)[];
}
type FormerRecording = [
  ...[conversation: number, sender: number, receiver: number, messageId: string, clientId: string, digest: string],
  ...[at: number, senderPlace: number, receiverPlace: number, previous: number],
];
type InboxRow = [user: number, place: number, ...columns: Row];
const OUTGOING = 2;
const INCOMING = 1;

const INBOX = `INSERT INTO inbox (user, position, at, type, conversation, ref, body, previous)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const DEDUP = 'INSERT OR REPLACE INTO dedup VALUES (?, ?, ?, ?, ?, ?, ?, ?)';
const STATE = `UPDATE conversations SET (last_id, last_side, preview, updated_at, touched_at, sent_a, sent_b, unread_a, unread_b,
  read_a, read_b, incoming_a, incoming_b, trimmed_a, trimmed_b) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?`;
const HEAD = 'SELECT max(floor, ifnull((SELECT max(position) FROM inbox WHERE user = ?1), 0)) FROM users WHERE id = ?1';

/**
 * Writes the contents of a journal from before version 10 into the tables of that version, and empties it. All values
 * are absolute, so rows already in the tables stay. Errors: `data_damaged` for a row that cannot be read, and where an
 * inbox would have a gap.
 */
export function emptyFormerJournal(db: Database): void {
  const heads = new Map<number, number>();
  for (const [text] of db.all('SELECT body FROM journal ORDER BY id')) {
    const { recordings, updates, conversations } = parsed(db, text as string);
    const rows: InboxRow[] = [...groups<InboxRow>(updates, 8)];
    for (const [
      conversation,
      sender,
      receiver,
      messageId,
      clientId,
      digest,
      at,
      own,
      other,
      previous,
    ] of groups<FormerRecording>(recordings, 10)) {
      rows.push([sender, own, at, OUTGOING, conversation, messageId, clientId, 0]);
      if (other > 0) rows.push([receiver, other, at, INCOMING, conversation, messageId, clientId, previous]);
      db.run(DEDUP, sender, clientId, messageId, digest, conversation, own, other, at);
    }
    rows.sort(([, a], [, b]) => a - b);
    for (const row of rows) append(db, heads, row);
    for (const [id, ...state] of groups<[number, ...Row]>(conversations, 16)) db.run(STATE, ...state, id);
  }
  db.run('DELETE FROM journal');
}

function append(db: Database, heads: Map<number, number>, row: InboxRow): void {
  const [user, place] = row;
  const head = heads.get(user) ?? db.number(HEAD, user);
  if (place > head + 1) throw gapAt(db, head + 1, user);
  heads.set(user, Math.max(head, place));
  if (place === head + 1) db.run(INBOX, ...row);
}

function parsed(db: Database, text: string): FormerTransaction {
  try {
    return JSON.parse(text) as FormerTransaction;
  } catch (error) {
    throw damaged(db.path, 'is damaged: a row of its journal cannot be read', { cause: error });
  }
}

function* groups<T>(values: readonly unknown[], width: number): Iterable<T> {
  for (let i = 0; i < values.length; i += width) yield values.slice(i, i + width) as T;
}
