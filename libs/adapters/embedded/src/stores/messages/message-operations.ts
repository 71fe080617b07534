import type { Message } from '@chasqui/domain';
import type { Row } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import {
  ADVANCE_WIDTH,
  type AdvanceRow,
  PUT_WIDTH,
  type PutRow,
  type StoredRow,
  type StoreOperations,
} from '../store-operations.ts';
import { type Seq, senderSide } from './message-table.ts';
import { checksumOf, isSound, salvaged } from './stored-body.ts';

type MessageOperations = Handlers<Pick<StoreOperations, Extract<keyof StoreOperations, `messages.${string}`>>>;

const COLUMNS = `m.seq, m.body, ifnull(p.status, 0), m.steps || ifnull(p.steps, ''), m.recalled_at,
  m.checksum, m.id, m.conversation`;
const FROM = 'FROM messages m LEFT JOIN progress p ON p.seq = m.seq';
const ADVANCE = `INSERT INTO progress VALUES (?, ?, ?) ON CONFLICT DO
  UPDATE SET status = excluded.status, steps = steps || excluded.steps WHERE excluded.status > status`;
const RECALL = `UPDATE messages SET body = ?, checksum = ?, recalled_at = ?, steps = steps || ?
  WHERE seq = ? AND recalled_at IS NULL`;
type BodyFacts = [checksum: number | null, id: string, conversation: number];
/** Above every message id. */
const NO_BOUND = '~';

function put({ conversations, messages }: StoreContext, rows: readonly (string | number)[]): null {
  for (let i = 0; i < rows.length; i += PUT_WIDTH) conversations.obtain(rows[i] as string);
  for (let i = 0; i < rows.length; i += PUT_WIDTH) {
    const [conversationId, id, side, body, steps] = rows.slice(i, i + PUT_WIDTH) as PutRow;
    messages.add(conversations.obtain(conversationId).id, id, side, body, steps);
  }
  return null;
}

function find({ conversations, messages }: StoreContext, conversationId: string, id: string): Seq | undefined {
  const conversation = conversations.find(conversationId);
  return conversation === undefined ? undefined : messages.find(conversation.id, id);
}

/** A damaged body costs its own message the content, and nothing else. */
function storedRow({ db, conversations }: StoreContext, row: Row): StoredRow {
  const [seq, body, status, steps, recalledAt, checksum, id, conversation] = row as [Seq, ...StoredRow, ...BodyFacts];
  if (isSound(body, checksum)) return [body, status, steps, recalledAt];
  const { name } = conversations.byId(conversation);
  db.damagedRows.note(`message ${id} of ${name}`);
  return [JSON.stringify(salvaged(body, id, name, senderSide(seq))), status, steps, recalledAt];
}

function load(store: StoreContext, seq: Seq): StoredRow | null {
  const row = store.db.get(`SELECT ${COLUMNS} ${FROM} WHERE m.seq = ?`, seq);
  return row === undefined ? null : storedRow(store, row);
}

function recall(store: StoreContext, seq: Seq, at: number, step: string): void {
  const row = load(store, seq);
  if (row === null) return;
  const body = JSON.stringify({ ...(JSON.parse(row[0]) as Message), content: {} });
  store.db.run(RECALL, body, checksumOf(body), at, step, seq);
}

/** A page of rows in the order of arrival; the cursor is the last one's number. */
function arrivals(store: StoreContext, rows: readonly Row[], limit: number) {
  const last = rows.at(-1)?.[0];
  const cursor = rows.length < limit || last === undefined ? null : String(last);
  return { rows: rows.map((row) => storedRow(store, row)), cursor };
}

function advance(store: StoreContext, [conversationId, id, toSide, status, step]: AdvanceRow): number {
  const seq = find(store, conversationId, id);
  if (seq === undefined || senderSide(seq) !== 1 - toSide) return 3;
  // Every message is stored, so that status alone needs no row.
  if (status > 0 && store.db.run(ADVANCE, seq, status, step) === 1) return 0;
  return store.db.number('SELECT status FROM progress WHERE seq = ?', seq) === status ? 1 : 2;
}

export function messageOperations(store: StoreContext): MessageOperations {
  const { db, conversations, messages } = store;
  return {
    'messages.put': (rows) => put(store, rows),
    'messages.get'(keys) {
      const rows: (StoredRow | null)[] = [];
      for (let i = 0; i < keys.length; i += 2) {
        const seq = find(store, keys[i] ?? '', keys[i + 1] ?? '');
        rows.push(seq === undefined ? null : load(store, seq));
      }
      return rows;
    },
    'messages.page'([conversationId, before, after, limit]) {
      const conversation = conversations.find(conversationId);
      if (conversation === undefined) return [];
      const seqs = messages.page(conversation.id, before ?? NO_BOUND, after ?? '', limit);
      return seqs.map((seq) => load(store, seq)).filter((row) => row !== null);
    },
    'messages.raise'(rows) {
      const results: number[] = [];
      for (let i = 0; i < rows.length; i += ADVANCE_WIDTH)
        results.push(advance(store, rows.slice(i, i + ADVANCE_WIDTH) as AdvanceRow));
      return results;
    },
    'messages.recall'([conversationId, id, at, step]) {
      const seq = find(store, conversationId, id);
      if (seq === undefined) return false;
      recall(store, seq, at, step);
      return true;
    },
    'messages.remove'(keys) {
      for (let i = 0; i < keys.length; i += 2) {
        const conversation = conversations.find(keys[i] ?? '');
        if (conversation !== undefined) messages.remove(conversation.id, keys[i + 1] ?? '');
      }
      return null;
    },
    'messages.scan'([cursor, limit]) {
      const rows = db.all(
        `SELECT ${COLUMNS} ${FROM} WHERE m.seq > ? ORDER BY m.seq LIMIT ?`,
        Number(cursor ?? 0),
        limit,
      );
      return arrivals(store, rows, limit);
    },
    'messages.newest': () => messages.newest(),
    'messages.recent'([cursor, limit]) {
      const before = Number(cursor ?? Number.MAX_SAFE_INTEGER);
      const rows = db.all(`SELECT ${COLUMNS} ${FROM} WHERE m.seq < ? ORDER BY m.seq DESC LIMIT ?`, before, limit);
      return arrivals(store, rows, limit);
    },
    'messages.beginLookBack'([since, startedAt]) {
      const begun = db.get("SELECT value FROM meta WHERE key = 'look_back_since'")?.[0];
      const earliest = begun === undefined ? since : Math.min(Number(begun), since);
      db.run("INSERT OR REPLACE INTO meta VALUES ('look_back_since', ?), ('look_back_by', ?)", earliest, startedAt);
      return earliest;
    },
    'messages.endLookBack'(startedAt) {
      if (db.number("SELECT value FROM meta WHERE key = 'look_back_by'") === startedAt)
        db.run("DELETE FROM meta WHERE key IN ('look_back_since', 'look_back_by')");
      return null;
    },
    'messages.locate'(id) {
      const found = messages.locate(id);
      return found === undefined ? null : conversations.byId(found.conversation).name;
    },
  };
}
