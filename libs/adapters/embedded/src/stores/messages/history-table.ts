import { ByteReader, ByteWriter } from '../../runs/bytes.ts';
import type { Row } from '../../runs/chunk.ts';
import { endOf, keyOf, keyOfText, textIn } from '../../runs/keys.ts';
import { RunFlush } from '../../runs/run-flush.ts';
import type { SortedTable } from '../../runs/sorted-table.ts';
import type { SortedTables } from '../../runs/sorted-tables.ts';
import type { Database } from '../../sqlite/database.ts';
import { FAMILY } from '../families.ts';
import type { Seq } from './message-row.ts';

const EXISTS = 'SELECT 1 FROM messages WHERE seq = ?';

/** Messages of a conversation, by their ids. */
export interface Indexed {
  conversation: number;
  ids: [id: string, seq: Seq][];
}

const writer = new ByteWriter();

export function historyRow(conversation: number, id: string, seq: Seq): Row {
  writer.varint(seq);
  return [keyOfText(conversation, id), writer.take()];
}

/**
 * The index of messages by conversation and id. A message that was removed keeps its row until all rows are merged, so
 * a row counts only if its message exists.
 */
export class HistoryTable {
  readonly #db: Database;
  readonly #table: SortedTable;

  constructor(db: Database, tables: SortedTables) {
    this.#db = db;
    this.#table = tables.open({
      family: FAMILY.history,
      keeping:
        (_now, isFull) =>
        ([, value]) =>
          !isFull || value === null || this.#exists(new ByteReader(value).varint()),
    });
  }

  find(conversation: number, id: string): Seq | undefined {
    const value = this.#table.get(keyOfText(conversation, id));
    const seq = value === undefined ? undefined : new ByteReader(value).varint();
    return seq !== undefined && this.#exists(seq) ? seq : undefined;
  }

  /** No id of the conversation is above this one; empty: it has none. */
  newest(conversation: number): string {
    const range = { from: keyOf(conversation), to: endOf(keyOf(conversation)) };
    for (const [key] of this.#table.between(range, true)) return textIn(key);
    return '';
  }

  /** The ids of a conversation between two others, the newest first. */
  *down(conversation: number, { before, after }: { before: string; after: string }): Iterable<[id: string, seq: Seq]> {
    const range = { from: keyOfText(conversation, after), to: keyOfText(conversation, before) };
    for (const [key, value] of this.#table.between(range, true)) {
      const id = textIn(key);
      const seq = new ByteReader(value).varint();
      if (id < before && id > after && this.#exists(seq)) yield [id, seq];
    }
  }

  /** Moves messages from memory into the table. */
  flush(take: () => Indexed[], finished: () => void, forget: (indexed: Indexed) => void): RunFlush {
    const taken: Indexed[] = [];
    return new RunFlush({
      table: this.#table,
      rows: rowsOf(take, taken),
      finished,
      release: released(taken, forget),
    });
  }

  #exists(seq: Seq): boolean {
    return this.#db.get(EXISTS, seq) !== undefined;
  }
}

function* rowsOf(take: () => Indexed[], taken: Indexed[]): Iterable<Row> {
  taken.push(...take().sort((a, b) => a.conversation - b.conversation));
  for (const { conversation, ids } of taken) {
    ids.sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [id, seq] of ids) yield historyRow(conversation, id, seq);
  }
}

function* released(taken: readonly Indexed[], forget: (indexed: Indexed) => void): Iterable<void> {
  for (const indexed of taken) {
    forget(indexed);
    yield;
  }
}
