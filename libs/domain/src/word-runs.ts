import { foldAccents } from './fold-accents.ts';
import { nfkcCasefold } from './nfkc-casefold.ts';

/** Digits and marks shared by many scripts count for no script here, except the voicing marks of kana. */
const SHARED = String.raw`[[\p{Nd}\p{sc=Zinh}]--[\u3099\u309a]]`;
const lettersOf = (scripts: string) =>
  `[[[${scripts.replace(/\w+/g, '\\p{scx=$&}').replaceAll(' ', '')}]&&[\\p{L}\\p{N}\\p{M}]]--${SHARED}]`;
/**
 * Scripts with thousands of characters and no spaces, or whose words people search by parts: indexed as two-character
 * grams.
 */
const CHARACTERS = lettersOf('Han Hira Kana Bopo Hang Yi Tang Nshu Kits');
/** Alphabets without spaces between words (Thai, Lao, Khmer, Burmese and others): indexed as three-letter grams. */
const LETTERS = lettersOf('Thai Lao Khmr Mymr Lana Tale Talu Tavt Ahom Bali Java');
const RUNS = new RegExp(`(${CHARACTERS}+)|(${LETTERS}+)|[[\\p{L}\\p{N}\\p{M}]--${CHARACTERS}--${LETTERS}]+`, 'gv');
const asciiWords = /[a-z0-9]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is "all of ASCII".
const onlyAscii = /^[\x00-\x7f]*$/;
/**
 * Characters that folding leaves as they are or turns into others that are in no word: most Chinese texts have no other
 * ones, and need no folding then.
 */
const PLAIN = String.raw`\u4e00-\u9fa5`;
/** Texts that need no folding, and have no emoji. */
export const onlyPlain = new RegExp(String.raw`^[\x00-\x7f${PLAIN}“”‘’…—、。《》「」【】·，！？：；（）\u3000]*$`);
const plainRuns = new RegExp(`([${PLAIN}]+)|[a-z0-9]+`, 'g');

/** Words are truncated to this many UTF-16 code units, in the index and in queries alike (C16). */
export const MAX_TOKEN_LENGTH = 64;

/** A word with and without its accents; or a run of a script without spaces, whose two forms are equal. */
export interface WordRun {
  word: string;
  folded: string;
  /** Number of characters in each token of a run; absent for a word, which is one token. */
  gram?: 2 | 3;
}

/** The first MAX_TOKEN_LENGTH code units, without a split surrogate pair. */
export function cutToken(word: string): string {
  if (word.length <= MAX_TOKEN_LENGTH) return word;
  const start = word.slice(0, MAX_TOKEN_LENGTH);
  return start.isWellFormed() ? start : start.slice(0, -1);
}

/** The words of a text in order, without those that consist only of accents. */
export function wordRuns(text: string): WordRun[] {
  if (onlyAscii.test(text)) {
    const words = text.toLowerCase().match(asciiWords) ?? [];
    return words.map(cutToken).map((word) => ({ word, folded: word }));
  }
  if (onlyPlain.test(text)) {
    return Array.from(text.toLowerCase().matchAll(plainRuns), ([run, characters]): WordRun => {
      return characters === undefined
        ? { word: cutToken(run), folded: cutToken(run) }
        : { word: run, folded: run, gram: 2 };
    });
  }
  const cased = nfkcCasefold(text);
  const allFolded = foldAccents(cased);
  // Folding can only remove runs. If it removed none, both texts have the same number of runs, in the same order.
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
    return folded === '' ? [] : { word: cutToken(run), folded: cutToken(folded) };
  });
}
