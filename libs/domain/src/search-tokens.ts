/** Letters and digits of Chinese, Japanese and Korean, which are written without spaces that one could search by. */
const CJK = '[[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{scx=Bopo}]&&[\\p{L}\\p{N}\\p{M}]]';
/** Runs of letters and digits; group 1 is there for those of Chinese, Japanese and Korean. */
export const CJK_RUNS = new RegExp(`(${CJK}+)|[[\\p{L}\\p{N}\\p{M}]--${CJK}]+`, 'gv');
const asciiWords = /[a-z0-9]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is "all of ASCII".
const onlyAscii = /^[\x00-\x7f]*$/;

/** A longer word is known by its first this many UTF-16 code units, in the index and in a query alike (C16). */
export const MAX_TOKEN_LENGTH = 64;

function addCjk(run: string, tokens: Set<string>, singles: boolean): void {
  const characters = [...run];
  if (singles || characters.length === 1) for (const character of characters) tokens.add(character);
  for (let i = 1; i < characters.length; i++) tokens.add(`${characters[i - 1]}${characters[i]}`);
}

function tokensOf(text: string, singles: boolean): string[] {
  const tokens = new Set<string>();
  if (onlyAscii.test(text)) {
    for (const word of text.toLowerCase().match(asciiWords) ?? []) tokens.add(word.slice(0, MAX_TOKEN_LENGTH));
  } else {
    for (const [run, cjk] of text.normalize('NFKC').toLowerCase().matchAll(CJK_RUNS)) {
      if (cjk === undefined) tokens.add(run.slice(0, MAX_TOKEN_LENGTH));
      else addCjk(cjk, tokens, singles);
    }
  }
  return [...tokens];
}

/**
 * What to index of a text, each token once: words, folded by NFKC and to lower case; and of Chinese, Japanese and
 * Korean every two neighbouring characters and every single one (a query's lone character, as in `iPhone壳` or `买3斤`,
 * is then found by an exact match too). A text matches a query when it has all of the query's tokens (C13).
 */
export function indexTokens(text: string): string[] {
  return tokensOf(text, true);
}

/**
 * What to look for: words, and of Chinese, Japanese and Korean the pairs, or the character where it stands alone.
 * Empty when the text has neither letter nor digit: such a query finds nothing.
 */
export function queryTokens(text: string): string[] {
  return tokensOf(text, false);
}
