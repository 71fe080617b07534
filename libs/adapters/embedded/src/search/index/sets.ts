/** Sets of document numbers, as ascending lists without repetition. */

export const NONE = new Uint32Array();
/** From this share of all documents on, marking each is cheaper than sorting. */
const DENSE = 1 / 32;

/** `size`: all documents are below it. */
export function union(lists: readonly Uint32Array[], size: number): Uint32Array {
  if (lists.length < 2) return lists[0] ?? NONE;
  const total = lists.reduce((sum, { length }) => sum + length, 0);
  if (total < size * DENSE) {
    const all = new Uint32Array(total);
    let at = 0;
    for (const list of lists) {
      all.set(list, at);
      at += list.length;
    }
    return all.sort().filter((one, index, sorted) => index === 0 || sorted[index - 1] !== one);
  }
  const marks = new Uint8Array(size);
  let count = 0;
  for (const list of lists) {
    for (const one of list) {
      count += 1 - (marks[one] as number);
      marks[one] = 1;
    }
  }
  const found = new Uint32Array(count);
  for (let one = 0, at = 0; at < count; one++) if (marks[one] === 1) found[at++] = one;
  return found;
}

/** At least one list. */
export function intersection(lists: readonly Uint32Array[]): Uint32Array {
  const [first = NONE, ...others] = lists.toSorted((a, b) => a.length - b.length);
  return others.reduce((common, list) => common.filter(among(list)), first);
}

export function difference(list: Uint32Array, without: Uint32Array): Uint32Array {
  const isOut = among(without);
  return list.filter((one) => !isOut(one));
}

/** Whether a list has a number. Asked in ascending order, it looks only at what lies between two answers. */
function among(list: Uint32Array): (one: number) => boolean {
  let at = 0;
  return (one) => {
    let step = 1;
    while (at + step < list.length && (list[at + step] as number) <= one) {
      at += step;
      step *= 2;
    }
    for (; step >= 1; step = Math.floor(step / 2)) {
      if (at + step < list.length && (list[at + step] as number) <= one) at += step;
    }
    return list[at] === one;
  };
}
