import { decodePlaces, encodePlaces, type PostRefusal } from '@chasqui/domain';
import type { MovedPage, MovedRow } from '@chasqui/ports';
import type { Row } from '../../runs/chunk.ts';
import { keyOf, keyOfText, numberIn, textIn } from '../../runs/keys.ts';
import type { SortedTable } from '../../runs/sorted-table.ts';
import { tierOf } from '../../runs/sorted-table.ts';
import { decodeFirst, encodeFirst, placesOf } from '../conversations/dedup.ts';
import { decodeEntry, encodeEntry } from '../conversations/entry.ts';
import { listedKey } from '../conversations/entry-table.ts';
import { decodeLogRow, type EntryType, encodeLogRow } from '../conversations/log-row.ts';
import { FAMILY } from '../families.ts';
import type { StoreContext } from '../store-context.ts';

const LAST = keyOf(2 ** 48 - 1);
/** Precedes the reason why a message was refused, instead of places: no log's name begins so. */
const REFUSED = '!';

/** How rows of a kind lie in a sorted table. */
export interface SortedKind {
  family: number;
  /** Undefined: the row counts no more. */
  rowOf(store: StoreContext, key: string, value: Buffer): MovedRow | undefined;
  /** The rows of the tables, by family. */
  tableRows(store: StoreContext, row: MovedRow): { [family: number]: Row };
}

/** The kind, as `LogRow` has it. */
export const LOG_ENTRIES: SortedKind = {
  family: FAMILY.inbox,
  rowOf({ db, names }, key, value) {
    const [owner, position] = [numberIn(key, 0), numberIn(key, 1)];
    if (position <= db.number('SELECT floor FROM users WHERE id = ?', owner)) return undefined;
    const { at, type, conversation, ref, previous, body, sender } = decodeLogRow(value, owner);
    const where = conversation === null ? '' : names.conversation(conversation);
    const from = sender === null ? '' : names.user(sender);
    return [names.user(owner), position, at, type, where, ref ?? '', previous, body, from];
  },
  tableRows({ names }, row) {
    const [log, position, at, type, where, ref, previous, body, from] = row as [
      ...[string, number, number, EntryType, string, string, number, string, string],
    ];
    const conversation = where === '' ? null : names.conversationId(where);
    const sender = from === '' ? null : names.userId(from);
    const value = encodeLogRow({ at, type, conversation, ref: ref === '' ? null : ref, body, previous, sender });
    return { [FAMILY.inbox]: [keyOf(names.userId(log), position), value] };
  },
};

export const FIRST_RECORDINGS: SortedKind = {
  family: FAMILY.dedup,
  rowOf({ names }, key, value) {
    const sender = numberIn(key, 0);
    const { clientId, messageId, digest, places, refusal, at } = decodeFirst(sender, textIn(key), value);
    const where =
      refusal === undefined ? encodePlaces(placesOf(places, (log) => names.user(log))) : `${REFUSED}${refusal}`;
    return [names.user(sender), clientId, messageId, digest, where, at];
  },
  tableRows({ names }, row) {
    const [from, clientId, messageId, digest, where, at] = row as [string, string, string, string, string, number];
    const sender = names.userId(from);
    const refusal = where.startsWith(REFUSED) ? (where.slice(REFUSED.length) as PostRefusal) : undefined;
    const places =
      refusal === undefined ? decodePlaces(where).flatMap(({ log, position }) => [names.userId(log), position, 0]) : [];
    // The conversation of a first recording is that of the message that is sent again: nobody reads it here.
    const first = { sender, clientId, messageId, digest, conversation: 0, places, at };
    const value = encodeFirst(refusal === undefined ? first : { ...first, refusal });
    return { [FAMILY.dedup]: [keyOfText(sender, clientId), value] };
  },
};

/** An entry without a message is in no list, and its last sender is nobody. */
export const CONVERSATION_ENTRIES: SortedKind = {
  family: FAMILY.entries,
  rowOf({ conversations, names }, key, value) {
    const user = numberIn(key, 0);
    const conversation = conversations.byId(numberIn(key, 1));
    const e = decodeEntry(conversation, user, value);
    const lastFrom = e.lastId === '' ? '' : names.user(e.lastFrom);
    return [
      ...[names.user(user), conversation.name, e.lastId, lastFrom, e.preview, e.updatedAt, e.sent, e.unread],
      ...[e.readId, e.readAt, e.readNode, e.incoming, e.trimmed],
    ];
  },
  tableRows({ names }, row) {
    const [owner, name, lastId, lastFrom, preview, updatedAt, sent, unread, ...more] = row as [
      ...[string, string, string, string, string, number, string, number, ...(string | number)[]],
    ];
    const user = names.userId(owner);
    const conversation = names.conversationId(name);
    const touchedAt = lastId === '' ? 0 : updatedAt;
    const from = lastFrom === '' ? user : names.userId(lastFrom);
    const value = encodeEntry([lastId, from, preview, updatedAt, sent, unread, ...more, touchedAt]);
    const entry = { [FAMILY.entries]: [keyOf(user, conversation), value] as Row };
    if (touchedAt === 0) return entry;
    return { ...entry, [FAMILY.listed]: [listedKey(user, touchedAt, conversation), Buffer.alloc(0)] };
  },
};

/** A page of a kind, in the order of the table. The cursor is the last key. */
export function pageOfSorted(
  store: StoreContext,
  kind: SortedKind,
  ...[cursor, limit]: [cursor: string | null, limit: number]
): MovedPage {
  const rows: MovedRow[] = [];
  const from = cursor === null ? '' : `${Buffer.from(cursor, 'base64').toString('latin1')}\0`;
  for (const [key, value] of store.tables.table(kind.family).between({ from, to: LAST })) {
    const row = kind.rowOf(store, key, value);
    if (row !== undefined) rows.push(row);
    if (rows.length === limit) return { rows, cursor: Buffer.from(key, 'latin1').toString('base64') };
  }
  return { rows, cursor: null };
}

/** Newer rows of a table win. */
export function putInSorted(store: StoreContext, kind: SortedKind, given: readonly MovedRow[], now: number): void {
  const byFamily = new Map<number, Row[]>();
  for (const row of given) {
    for (const [family, made] of Object.entries(kind.tableRows(store, row))) {
      const rows = byFamily.get(Number(family)) ?? [];
      byFamily.set(Number(family), rows);
      rows.push(made);
    }
  }
  for (const [family, rows] of byFamily) {
    addRun(
      store.tables.table(family),
      rows.sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
  store.tables.work(given.length, now);
}

function addRun(table: SortedTable, rows: readonly Row[]): void {
  const writer = table.begin(tierOf(rows.length));
  for (const row of rows) writer.add(row);
  table.add(writer);
}
