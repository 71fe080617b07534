/**
 * The rule for names that people give, as a regular expression (flag `u`), like those of ids (`id-rules.ts`).
 */

/**
 * The last two code points of each plane above the basic one, which are noncharacters. Written literally, as in
 * `invisible`.
 */
const PLANE_ENDS = Array.from({ length: 16 }, (_, i) => {
  const end = (i + 2) * 0x10000 - 1;
  return String.fromCodePoint(end - 1, end);
}).join('');
/** Controls (C0, C1), line ends, noncharacters, and characters that change the direction of surrounding text. */
const FORBIDDEN = `\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufdd0-\\ufdef\\ufffe\\uffff${PLANE_ENDS}`;
/**
 * Unicode's white space, Default_Ignorable_Code_Point and other characters without a visible glyph. Those outside the
 * basic plane are written literally, because not every regular-expression engine knows an escape for them.
 */
const invisible = () =>
  [
    '\\s\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2060-\\u206f\\u2800\\u3164',
    '\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffc',
    ...[
      [0x1bca0, 0x1bca3],
      [0x1d159, 0x1d159],
      [0x1d173, 0x1d17a],
      [0xe0000, 0xe0fff],
    ].map(([from = 0, to = 0]) => `${String.fromCodePoint(from)}-${String.fromCodePoint(to)}`),
    // Private use areas: each font shows them differently.
    '\\ue000-\\uf8ff',
    `${String.fromCodePoint(0xf0000)}-${String.fromCodePoint(0xffffd)}`,
    `${String.fromCodePoint(0x100000)}-${String.fromCodePoint(0x10fffd)}`,
    marks(),
  ].join('');

/**
 * The ranges of Unicode's marks, which need a base letter. Listed explicitly, because not every regular-expression
 * engine knows `\\p{M}`. Beyond plane 1 there are only ignorable ones.
 */
function marks(): string {
  const place = (code: number) =>
    code > 0xffff ? String.fromCodePoint(code) : `\\u${code.toString(16).padStart(4, '0')}`;
  // One pass over all code points in order (some ms): a run of marks is a range.
  const all = Array.from({ length: 0x20000 }, (_, code) => String.fromCodePoint(code)).join('');
  const ranges = Array.from(all.matchAll(/\p{M}+/gu), ([run]) => {
    const [first = 0, last = first] = [run.codePointAt(0), [...run].at(-1)?.codePointAt(0)];
    return first === last ? place(first) : `${place(first)}-${place(last)}`;
  });
  return ranges.join('');
}

/**
 * A name that others see: at least one visible character, and none that garbles the surrounding text. Takes some ten ms,
 * which only those who check names pay.
 */
export function namePattern(): string {
  return `^[^${FORBIDDEN}]*[^${FORBIDDEN}${invisible()}][^${FORBIDDEN}]*$`;
}
export const NAME_RULE =
  'be a name: a visible character, and no control characters, line ends, noncharacters or text-direction marks';
/** Maximum number of code points of a name. */
export const MAX_NAME_LENGTH = 64;
