import type { Postings } from './postings.ts';

interface Found {
  slots: Float64Array;
  /** The place of the next slot; -1: there is none left. */
  at: number;
}

/**
 * The slots below `before` that `find` finds in any of the postings, largest first. Postings are asked only when
 * everything above them has been taken.
 */
export function* newestFirst(
  all: readonly Postings[],
  find: (postings: Postings) => Uint32Array,
  before: number,
): Generator<number> {
  const waiting = all.filter(({ low }) => low < before).sort((a, b) => a.high - b.high);
  const asked: Found[] = [];
  for (;;) {
    const newest = newestOf(asked);
    const next = waiting.at(-1);
    if (next !== undefined && (newest === undefined || next.high > slotOf(newest))) {
      waiting.pop();
      const slots = next.slotsOf(find(next));
      asked.push({ slots, at: placeBelow(slots, before) });
    } else if (newest === undefined) return;
    else {
      yield slotOf(newest);
      newest.at--;
    }
  }
}

function slotOf({ slots, at }: Found): number {
  return slots[at] ?? Number.NEGATIVE_INFINITY;
}

function newestOf(asked: readonly Found[]): Found | undefined {
  let newest: Found | undefined;
  for (const found of asked) {
    if (found.at >= 0 && (newest === undefined || slotOf(found) > slotOf(newest))) newest = found;
  }
  return newest;
}

/** The place of the last slot below `before`; -1: there is none. */
function placeBelow(slots: Float64Array, before: number): number {
  let [low, high] = [0, slots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((slots[middle] as number) < before) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
