import type { Row } from './chunk.ts';

/**
 * The rows of several sources, each in the order of its keys (`isReverse`: against it). Of rows with the same key, only
 * that of the first source is given.
 */
export function* merged(sources: readonly Iterable<Row>[], isReverse = false): Iterable<Row> {
  const iterators = sources.map((source) => source[Symbol.iterator]());
  const heads = iterators.map((iterator) => iterator.next());
  const advance = (i: number) => {
    heads[i] = (iterators[i] as Iterator<Row>).next();
  };
  for (;;) {
    let best: Row | undefined;
    for (const head of heads) {
      if (head.done === true) continue;
      const isBefore = best === undefined || (isReverse ? head.value[0] > best[0] : head.value[0] < best[0]);
      if (isBefore) best = head.value;
    }
    if (best === undefined) return;
    yield best;
    for (const [i, head] of heads.entries()) if (head.done !== true && head.value[0] === best[0]) advance(i);
  }
}
