import { emojiTokens } from './emoji-tokens.ts';
import { cutToken, onlyPlain, wordRuns } from './word-runs.ts';

const hasSurrogates = /[\ud800-\udfff]/;

/**
 * Version of all rules in this file and in word-runs.ts. Raise it when a text gets other tokens: indexes built by older rules are then
 * rebuilt.
 */
export const SEARCH_TOKEN_RULES = 2;
/**
 * Minimum number of code points for the last word of a query to match as a prefix: a shorter one would match nearly
 * everything.
 */
export const MIN_BEGINNING = 2;
/** Marks the unaccented form of a word that has accents: not a letter of any word. */
const FOLDED = '\u2248';
/**
 * Korean syllables that differ only in their last consonant are adjacent in Unicode; the one without it comes first.
 */
const HANGUL = { first: 0xac00, last: 0xd7a3, endings: 28 };

/** One condition that a text must meet to be found. */
export interface SearchTerm {
  /** Texts that have this token for every term rank first: the word itself, with its accents. */
  exact: string;
  /** A text matches if it has one of these tokens */
  tokens: readonly string[];
  /** or a token that begins with one of these prefixes. Only the last word of a query has any. */
  beginnings: readonly string[];
}

/** All grams of `size` adjacent characters; the whole run if it is shorter. */
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
 * The distinct tokens to index for a text: words folded by `nfkcCasefold`, and again without accents if they have any;
 * in scripts without spaces every two adjacent characters and every single one (in alphabets three and two), so that
 * any part of two characters is found, as is the single one in `iPhone壳`; emoji, and the parts of joined emoji. Bound:
 * two tokens per code point of the folded text. Never throws.
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
  if (!onlyPlain.test(text)) for (const emoji of emojiTokens(text, { parts: true })) tokens.add(cutToken(emoji));
  return [...tokens];
}

/**
 * The terms of a query: a text matches if it meets all of them (C13). Empty if the query has no letter, digit or emoji:
 * it then finds nothing.
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
  for (const emoji of onlyPlain.test(query) ? [] : emojiTokens(query, { parts: false })) {
    const exact = cutToken(emoji);
    terms.set(exact, { exact, tokens: [exact], beginnings: [] });
  }
  return [...terms.values()];
}

/** All completions of a Korean syllable without a last consonant: the user may still be typing it. */
function syllables(token: string): string[] {
  const code = token.charCodeAt(token.length - 1);
  const { first, last, endings } = HANGUL;
  if (code < first || code > last || (code - first) % endings !== 0) return [token];
  return Array.from({ length: endings }, (_, at) => `${token.slice(0, -1)}${String.fromCharCode(code + at)}`);
}

/** Whether a query can find anything beyond the first rank. */
export function hasFolded(terms: readonly SearchTerm[]): boolean {
  return terms.some(
    ({ exact, tokens, beginnings }) => beginnings.length > 0 || tokens.some((token) => token !== exact),
  );
}
