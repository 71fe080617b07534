import type { Row } from './chunk.ts';

/**
 * The rows of several sources, each in the order of its keys (`isReverse`: against it). Of rows with the same key, only
 * that of the first source is given.
 */
export function* merged(sources: readonly Iterable<Row>[], isReverse = false): Iterable<Row> {
  const iterators = sources.map((source) => source[Symbol.iterator]());
  // A source at its end is undefined.
  const heads = iterators.map((iterator) => iterator.next().value as Row | undefined);
  for (;;) {
    let best: Row | undefined;
    for (let i = 0; i < heads.length; i++) {
      const head = heads[i];
      if (head === undefined) continue;
      if (best === undefined || (isReverse ? head[0] > best[0] : head[0] < best[0])) best = head;
    }
    if (best === undefined) return;
    yield best;
    for (let i = 0; i < heads.length; i++) {
      const head = heads[i];
      if (head !== undefined && (head === best || head[0] === best[0])) heads[i] = iterators[i]?.next().value;
    }
  }
}
