/** Where the reader is: `top` px below the upper edge of the view begins the row `key`, or, where it is gone, `index`. */
export interface Place {
  readonly key: string;
  readonly index: number;
  readonly top: number;
  /** The end of the list is in view: what is added there stays in view. */
  readonly atEnd: boolean;
}

export const AT_END: Place = { key: '', index: 0, top: 0, atEnd: true };

/** Px of a row that was never shown, before any was. */
const GUESS = 60;

interface Keyed {
  readonly key: string;
  /** The name of a day moves up as more of its day is loaded, so it tells no place. */
  readonly kind?: string;
}

/** The heights of the rows that were shown, in px; others are as high as those are on average. */
export class RowSizes {
  readonly #heights = new Map<string, number>();
  #sum = 0;

  of = (row: Keyed): number => this.#heights.get(row.key) ?? this.#average;

  set(key: string, height: number): void {
    this.#sum += height - (this.#heights.get(key) ?? 0);
    this.#heights.set(key, height);
  }

  sum(rows: readonly Keyed[], from: number, to: number): number {
    let sum = 0;
    for (const row of rows.slice(from, to)) sum += this.of(row);
    return sum;
  }

  /** Forgets rows that are not in the list any more, once they are as many as those that are. */
  prune(rows: readonly Keyed[]): void {
    if (this.#heights.size <= 2 * rows.length + 100) return;
    const kept = rows.flatMap(({ key }) => {
      const height = this.#heights.get(key);
      return height === undefined ? [] : [[key, height] as const];
    });
    this.#heights.clear();
    this.#sum = 0;
    for (const [key, height] of kept) this.set(key, height);
  }

  get #average(): number {
    return this.#heights.size === 0 ? GUESS : this.#sum / this.#heights.size;
  }
}

/** The rows from `first` to before `last` are in the page. */
export interface RowWindow {
  readonly first: number;
  readonly last: number;
}

/** The rows that fill a view of this height at a place, and `around` px above and below it. */
export function rowWindow(
  rows: readonly Keyed[],
  heights: RowSizes,
  place: Place,
  { view, around }: { view: number; around: number },
): RowWindow {
  if (place.atEnd) return { first: back(rows, heights, rows.length, view + around), last: rows.length };
  const known = rows.findIndex(({ key }) => key === place.key);
  const at = known >= 0 ? known : Math.min(place.index, Math.max(0, rows.length - 1));
  let last = at;
  for (let room = view + around - place.top; room > 0 && last < rows.length; last++) {
    room -= heights.of(rows[last] ?? { key: '' });
  }
  return { first: back(rows, heights, at, place.top + around), last };
}

function back(rows: readonly Keyed[], heights: RowSizes, from: number, room: number): number {
  let first = from;
  for (let left = room; left > 0 && first > 0; ) {
    first--;
    left -= heights.of(rows[first] ?? { key: '' });
  }
  return first;
}

/** The place at the view's upper edge, if the row `index` begins `top` px below it. */
export function placeFrom(rows: readonly Keyed[], heights: RowSizes, index: number, top: number): Omit<Place, 'atEnd'> {
  let at = index;
  let edge = top;
  while (edge > 0 && at > 0) {
    at--;
    edge -= heights.of(rows[at] ?? { key: '' });
  }
  while (at < rows.length - 1 && edge + heights.of(rows[at] ?? { key: '' }) <= 0) {
    edge += heights.of(rows[at] ?? { key: '' });
    at++;
  }
  if (rows[at]?.kind === 'day' && at < rows.length - 1) {
    edge += heights.of(rows[at] ?? { key: '' });
    at++;
  }
  return { key: rows[at]?.key ?? '', index: at, top: edge };
}
