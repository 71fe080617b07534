import type { Row } from '../../runs/chunk.ts';
import { keyOf, numberIn } from '../../runs/keys.ts';
import { RunFlush } from '../../runs/run-flush.ts';
import type { SortedTable } from '../../runs/sorted-table.ts';
import type { SortedTables } from '../../runs/sorted-tables.ts';
import { FAMILY } from '../families.ts';
import { type Conversation, decodeEntry, type Entry, encodeEntry, entryValues } from './entry.ts';

const MOST = 2 ** 48 - 1;
const NOTHING = Buffer.alloc(0);

/** The key of a listed entry: the latest `touchedAt` comes first. */
export function listedKey(user: number, touchedAt: number, conversation: number): string {
  return keyOf(user, MOST - touchedAt, conversation);
}

/** The users' entries: those that changed lately in memory (and in the journal), the others in the table. */
export class EntryTable {
  readonly #entries: SortedTable;
  /** Without values: users' entries by `touchedAt`, the latest first. */
  readonly #listed: SortedTable;
  /** By user. */
  readonly #unflushed = new Map<number, Entry[]>();

  constructor(tables: SortedTables) {
    this.#entries = tables.open({ family: FAMILY.entries });
    this.#listed = tables.open({ family: FAMILY.listed });
  }

  get(conversation: Conversation, user: number): Entry | undefined {
    const value = this.#entries.get(keyOf(user, conversation.id));
    return value === undefined ? undefined : decodeEntry(conversation, user, value);
  }

  changed(entry: Entry): void {
    entry.isDirty = true;
    if (entry.isUnflushed) return;
    entry.isUnflushed = true;
    const entries = this.#unflushed.get(entry.user);
    if (entries === undefined) this.#unflushed.set(entry.user, [entry]);
    else entries.push(entry);
  }

  /** Entries of a user that are in memory. */
  unflushed(user: number): readonly Entry[] {
    return [...(this.#unflushed.get(user) ?? [])];
  }

  /** The conversations of a user's other entries, and some that are in memory too. */
  *flushed(user: number): Iterable<number> {
    for (const [key] of this.#entries.between({ from: keyOf(user, 0), to: keyOf(user, MOST) })) yield numberIn(key, 1);
  }

  /** The conversations of a user's listed entries as of `upTo` or before, the latest first; also former places. */
  *listed(user: number, upTo: number): Iterable<{ touchedAt: number; conversation: number }> {
    const range = { from: listedKey(user, Math.min(upTo, MOST), 0), to: listedKey(user, 1, MOST) };
    for (const [key] of this.#listed.between(range)) {
      yield { touchedAt: MOST - numberIn(key, 1), conversation: numberIn(key, 2) };
    }
  }

  clear(): void {
    this.#unflushed.clear();
  }

  /** Moves what is in memory into the tables. `released` is called with each entry that memory may forget. */
  startFlush(released: (entry: Entry) => void): RunFlush[] {
    const taken: Entry[][] = [];
    const listed = new RunFlush({ table: this.#listed, rows: this.#listedRows(), release: [] });
    const entries = new RunFlush({
      table: this.#entries,
      rows: this.#entryRows(taken),
      release: this.#release(taken, released),
    });
    return [listed, entries];
  }

  #byUser(): Entry[][] {
    return [...this.#unflushed].sort(([a], [b]) => a - b).map(([, entries]) => [...entries]);
  }

  *#listedRows(): Iterable<Row> {
    for (const entries of this.#byUser()) {
      const rows: Row[] = [];
      for (const entry of entries) {
        const { user, conversation, touchedAt, listedAt } = entry;
        if (touchedAt === listedAt) continue;
        if (listedAt > 0) rows.push([listedKey(user, listedAt, conversation.id), null]);
        if (touchedAt > 0) rows.push([listedKey(user, touchedAt, conversation.id), NOTHING]);
        entry.listedAt = touchedAt;
      }
      yield* rows.sort(([a], [b]) => (a < b ? -1 : 1));
    }
  }

  *#entryRows(taken: Entry[][]): Iterable<Row> {
    taken.push(...this.#byUser());
    for (const entries of taken) {
      entries.sort((a, b) => a.conversation.id - b.conversation.id);
      for (const entry of entries) {
        const { user, conversation, touchedAt, listedAt } = entry;
        // Touched since its listed row was written: the next flush writes both.
        entry.isDirty = touchedAt !== listedAt;
        const values = entryValues(entry.isDirty ? { ...entry, touchedAt: listedAt } : entry);
        yield [keyOf(user, conversation.id), encodeEntry(values)];
      }
    }
  }

  *#release(taken: readonly Entry[][], released: (entry: Entry) => void): Iterable<void> {
    for (const entries of taken) {
      for (const entry of entries) {
        if (entry.isDirty) continue;
        entry.isUnflushed = false;
        released(entry);
      }
      const [{ user }] = entries as [Entry];
      const left = (this.#unflushed.get(user) ?? []).filter((entry) => entry.isUnflushed);
      if (left.length > 0) this.#unflushed.set(user, left);
      else this.#unflushed.delete(user);
      yield;
    }
  }
}
