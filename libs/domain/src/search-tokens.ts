import { emojiTokens } from './emoji-tokens.ts';
import { foldAccents } from './fold-accents.ts';
import { nfkcCasefold } from './nfkc-casefold.ts';

/** Digits, and marks that many scripts share, belong to no script here, but for the voicing marks of kana. */
const SHARED = String.raw`[[\p{Nd}\p{sc=Zinh}]--[\u3099\u309a]]`;
const lettersOf = (scripts: string) =>
  `[[[${scripts.replace(/\w+/g, '\\p{scx=$&}').replaceAll(' ', '')}]&&[\\p{L}\\p{N}\\p{M}]]--${SHARED}]`;
/** Scripts of thousands of characters without spaces, or whose words people search by parts: two in a row tell enough. */
const CHARACTERS = lettersOf('Han Hira Kana Bopo Hang Yi Tang Nshu Kits');
/** Alphabets without spaces between words (Thai, Lao, Khmer, Burmese and others): three letters in a row tell enough. */
const LETTERS = lettersOf('Thai Lao Khmr Mymr Lana Tale Talu Tavt Ahom Bali Java');
const RUNS = new RegExp(`(${CHARACTERS}+)|(${LETTERS}+)|[[\\p{L}\\p{N}\\p{M}]--${CHARACTERS}--${LETTERS}]+`, 'gv');
const asciiWords = /[a-z0-9]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is "all of ASCII".
const onlyAscii = /^[\x00-\x7f]*$/;
const hasSurrogates = /[\ud800-\udfff]/;

/** Of everything in this file. Raise it when a text gets other tokens: indexes that were made by older rules are then built anew. */
export const SEARCH_TOKEN_RULES = 2;
/** A longer word is known by its first this many UTF-16 code units, in the index and in a query alike (C16). */
export const MAX_TOKEN_LENGTH = 64;
/** Code points that the last word of a query needs to be looked for as a beginning: with fewer it would find nearly everything. */
export const MIN_BEGINNING = 2;
/** Before a word without its accents, where the text had them: no letter of any word. */
const FOLDED = '\u2248';
/** Korean syllables that begin alike and differ in their last consonant stand together, the one without it first. */
const HANGUL = { first: 0xac00, last: 0xd7a3, endings: 28 };

/** A word, as it is and without accents; or a run of a script without spaces, whose two forms are one. */
export interface WordRun {
  word: string;
  folded: string;
  /** How many characters in a row are a token; absent for a word, which is one as a whole. */
  gram?: 2 | 3;
}

/** One thing that a text must have to be found. */
export interface SearchTerm {
  /** Of the first rank are texts that have this token for every term: the word itself, with its accents. */
  exact: string;
  /** All that are found have one of these tokens, */
  tokens: readonly string[];
  /** or a token that begins with one of these. Not empty for a query's last word alone. */
  beginnings: readonly string[];
}

/** The first MAX_TOKEN_LENGTH code units, without half a character. */
function cut(word: string): string {
  if (word.length <= MAX_TOKEN_LENGTH) return word;
  const start = word.slice(0, MAX_TOKEN_LENGTH);
  return start.isWellFormed() ? start : start.slice(0, -1);
}

/** The words of a text in their order. Those that consist of nothing but accents are left out. */
export function wordRuns(text: string): WordRun[] {
  if (onlyAscii.test(text)) {
    const words = text.toLowerCase().match(asciiWords) ?? [];
    return words.map(cut).map((word) => ({ word, folded: word }));
  }
  const cased = nfkcCasefold(text);
  const allFolded = foldAccents(cased);
  // Folding can only take runs away. Where it took none, the two texts have theirs in the same places.
  const inOrder = allFolded === cased ? undefined : allFolded.match(RUNS);
  const found = [...cased.matchAll(RUNS)];
  const foldedOf = (run: string, at: number): string => {
    if (allFolded === cased) return run;
    return (inOrder?.length === found.length ? inOrder[at] : undefined) ?? foldAccents(run);
  };
  return found.flatMap(([run, characters, letters], at): WordRun | [] => {
    if (characters !== undefined) return { word: run, folded: run, gram: 2 };
    if (letters !== undefined) return { word: run, folded: run, gram: 3 };
    const folded = foldedOf(run, at);
    return folded === '' ? [] : { word: cut(run), folded: cut(folded) };
  });
}

/** Every `size` neighbouring characters; all of them where they are fewer. */
function gramsOf(run: string, size: number): string[] {
  const characters = hasSurrogates.test(run) ? [...run] : undefined;
  const length = characters?.length ?? run.length;
  if (length <= size) return [run];
  const grams: string[] = [];
  for (let at = 0; at + size <= length; at++) {
    grams.push(characters?.slice(at, at + size).join('') ?? run.slice(at, at + size));
  }
  return grams;
}

/**
 * What to index of a text, each token once: words, folded by `nfkcCasefold`, and once more without accents where they have any;
 * of scripts without spaces every two neighbouring characters and every single one (three and two in alphabets), so that
 * any part of two characters is found, and in `iPhone壳` the lone one; emoji, joined ones also by their parts. Bound: two
 * tokens for each code point of the folded text. Never throws.
 */
export function indexTokens(text: string): string[] {
  const tokens = new Set<string>();
  for (const { word, folded, gram } of wordRuns(text)) {
    if (gram === undefined) {
      tokens.add(word);
      if (folded !== word) tokens.add(`${FOLDED}${folded}`);
    } else {
      for (const token of gramsOf(word, gram - 1)) tokens.add(token);
      for (const token of gramsOf(word, gram)) tokens.add(token);
    }
  }
  if (!onlyAscii.test(text)) for (const emoji of emojiTokens(text, { parts: true })) tokens.add(cut(emoji));
  return [...tokens];
}

/**
 * What to look for: a text matches when it has all of the terms (C13). Empty when the query has neither letter, digit nor
 * emoji: it finds nothing then.
 */
export function searchTerms(query: string): SearchTerm[] {
  const terms = new Map<string, SearchTerm>();
  const runs = wordRuns(query);
  for (const [at, { word, folded, gram }] of runs.entries()) {
    const isLast = at === runs.length - 1;
    if (gram === undefined) {
      const tokens = [folded, `${FOLDED}${folded}`];
      const isBeginning = isLast && [...folded].length >= MIN_BEGINNING;
      terms.set(word, { exact: word, tokens, beginnings: isBeginning ? tokens : [] });
    } else {
      const grams = gramsOf(word, gram);
      for (const exact of grams) terms.set(exact, { exact, tokens: [exact], beginnings: [] });
      const last = grams.at(-1);
      if (isLast && last !== undefined) terms.set(last, { exact: last, tokens: syllables(last), beginnings: [] });
    }
  }
  for (const emoji of onlyAscii.test(query) ? [] : emojiTokens(query, { parts: false })) {
    const exact = cut(emoji);
    terms.set(exact, { exact, tokens: [exact], beginnings: [] });
  }
  return [...terms.values()];
}

/** A Korean syllable without a last consonant may be one that is still being typed. */
function syllables(token: string): string[] {
  const code = token.charCodeAt(token.length - 1);
  const { first, last, endings } = HANGUL;
  if (code < first || code > last || (code - first) % endings !== 0) return [token];
  return Array.from({ length: endings }, (_, at) => `${token.slice(0, -1)}${String.fromCharCode(code + at)}`);
}

/** Whether a query can find anything but what is of the first rank. */
export function hasFolded(terms: readonly SearchTerm[]): boolean {
  return terms.some(
    ({ exact, tokens, beginnings }) => beginnings.length > 0 || tokens.some((token) => token !== exact),
  );
}
