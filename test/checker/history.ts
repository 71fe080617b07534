import type { HistoryEvent, HistoryRecord, Identity } from './records.ts';

type EventOf<T extends HistoryEvent['type']> = Extract<HistoryRecord, { type: T }>;

/** The recorded events, in order. */
export class History {
  readonly #now: () => number;
  readonly #records: HistoryRecord[] = [];

  /** `now`: ms of any clock that all recorders share. */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(event: HistoryEvent): void {
    this.#records.push({ ...event, at: this.#now() });
  }

  get records(): readonly HistoryRecord[] {
    return this.#records;
  }

  of<T extends HistoryEvent['type']>(type: T): EventOf<T>[] {
    return this.#records.filter((record): record is EventOf<T> => record.type === type);
  }

  /** The events about these messages, and the notes. */
  about(identities: readonly Identity[]): HistoryRecord[] {
    return this.#records.filter((record) => {
      if (record.type === 'noted' || record.type === 'killed') return true;
      if ('identity' in record) return identities.includes(record.identity);
      return false;
    });
  }
}

/** Groups in the order of first appearance. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
