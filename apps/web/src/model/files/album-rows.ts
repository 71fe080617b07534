/** How many pictures stand in each row of an album of this many. */
const ROWS: readonly (readonly number[])[] = [
  [],
  [1],
  [2],
  [1, 2],
  [2, 2],
  [2, 3],
  [3, 3],
  [2, 2, 3],
  [2, 3, 3],
  [3, 3, 3],
  [3, 3, 4],
];
/** Beyond, a picture is cropped: a panorama would be a line, a long page would fill the screen. */
const NARROWEST = { alone: 0.5, amongOthers: 0.8 };
const WIDEST = 2.4;

/** The pictures of a message in rows, as high as makes each row as wide as the others. */
export function albumRows<T>(pictures: readonly T[]): T[][] {
  let next = 0;
  return (ROWS[pictures.length] ?? [pictures.length]).map((count) => {
    next += count;
    return pictures.slice(next - count, next);
  });
}

/** The ratio of width and height in which a picture is shown, alone or among others. */
export function shownRatio(ratio: number, among: keyof typeof NARROWEST = 'alone'): number {
  return Math.min(WIDEST, Math.max(NARROWEST[among], ratio));
}
