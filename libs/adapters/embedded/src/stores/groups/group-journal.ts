import type { Dedup, FirstRecording } from '../conversations/dedup.ts';
import type { GroupState, Groups, LastMessage } from './groups.ts';
import type { Tallies, Totals } from './tallies.ts';

/** What groups add to a transaction's journal, as absolute values; log entries are among those of all logs. */
export interface JournaledGroups {
  tallies: [conversation: number, id: string, totals: Totals][];
  last: [conversation: number, ...ReturnType<typeof lastValues>][];
  /** Messages that were refused: their dedup rows, which have no places. */
  refusals: Omit<FirstRecording, 'places'>[];
}

function lastValues({ group: { lastMessageId, lastFrom, preview, updatedAt } }: GroupState) {
  return [lastMessageId, lastFrom, preview, updatedAt] as const;
}

interface Parts {
  groups: Groups;
  tallies: Tallies;
  dedup: Dedup;
}

/** The part of groups in the journal: see `Journal`. */
export class GroupJournal {
  readonly #parts: Parts;
  readonly #changed = new Set<GroupState>();
  #tallies: JournaledGroups['tallies'] = [];
  #refusals: JournaledGroups['refusals'] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A new message, by its id, counts for these; see `Who`. */
  count({ id }: GroupState, messageId: string, whos: readonly number[]): void {
    this.#tallies.push([id, messageId, this.#parts.tallies.add(id, messageId, whos)]);
  }

  setLast(state: GroupState, last: Partial<LastMessage>): void {
    this.#parts.groups.setLast(state, last);
    this.#changed.add(state);
  }

  /** The group's row was written with other values of what messages change. */
  written(state: GroupState): void {
    this.setLast(state, {});
  }

  /** Keeps that a message was refused, as its first recording. */
  refuse(refusal: Omit<FirstRecording, 'places'>): void {
    this.#parts.dedup.add({ ...refusal, places: [] });
    this.#refusals.push(refusal);
  }

  /** This transaction's changes; undefined: there are none. */
  take(): { groups: JournaledGroups; rows: number } | undefined {
    const last = [...this.#changed].map((state) => [state.id, ...lastValues(state)] as JournaledGroups['last'][number]);
    const groups = { tallies: this.#tallies, last, refusals: this.#refusals };
    const totals = this.#tallies.reduce((sum, [, , { length }]) => sum + length / 2, 0);
    const rows = totals + last.length + this.#refusals.length;
    this.reset();
    return rows === 0 ? undefined : { groups, rows };
  }

  reset(): void {
    this.#changed.clear();
    this.#tallies = [];
    this.#refusals = [];
  }

  replay({ tallies, last, refusals }: JournaledGroups): void {
    const { groups, dedup } = this.#parts;
    for (const [conversation, id, totals] of tallies) this.#parts.tallies.put(conversation, id, totals);
    for (const [conversation, lastMessageId, lastFrom, preview, updatedAt] of last) {
      groups.setLast(groups.byId(conversation), { lastMessageId, lastFrom, preview, updatedAt });
    }
    for (const refusal of refusals) dedup.add({ ...refusal, places: [] });
  }

  /** Begins a flush: returns the conversations that have rows to flush, the last of the table's order first. */
  startFlush(): number[] {
    const { groups, tallies } = this.#parts;
    for (const conversation of groups.dirty.keys()) tallies.sort(conversation);
    return [...groups.dirty.keys()].sort((a, b) => b - a);
  }

  /** Flushes at most `limit` tallies of a group; returns the rows, and whether that was all. */
  flush(conversation: number, limit: number): { rows: number; isDone: boolean } {
    const { groups, tallies } = this.#parts;
    const rows = tallies.flush(conversation, limit);
    if (rows >= limit) return { rows, isDone: false };
    const state = groups.dirty.get(conversation);
    if (state !== undefined) groups.save(state);
    return { rows: rows + 1, isDone: true };
  }
}
