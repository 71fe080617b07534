import { PEOPLE_LIMITS } from './people-limits.ts';
import type { Profile } from './profile.ts';
import { MAX_TOKEN_LENGTH, type WordRun, wordRuns } from './word-runs.ts';

/**
 * Version of the `nameWords` rules. Raise it when they change: stores keep these words, and recompute those of another
 * version.
 */
export const NAME_WORD_RULES = 2;

/**
 * Text in a script without spaces is found at any position: each suffix of a run is indexed, and a search matches its
 * beginning.
 */
function endings(run: string): string[] {
  const characters = [...run];
  return characters.map((_, start) => characters.slice(start).join(''));
}

/** The beginning of a run; a run of a script without spaces has no length bound itself. */
function beginningOf({ folded }: WordRun): string {
  return folded.slice(0, MAX_TOKEN_LENGTH);
}

/**
 * The words whose prefixes find a user in a search, without duplicates: those of the name and the id, folded like
 * message words and without accents. Empty for a user who is not discoverable.
 */
export function nameWords({ userId, displayName, privacy }: Profile): string[] {
  if (!privacy.discoverable) return [];
  return wordsIn(`${displayName} ${userId}`);
}

/** The words of a text whose beginnings are searched for, without duplicates. */
export function wordsIn(text: string): string[] {
  const words = wordRuns(text).flatMap((run) => (run.gram === undefined ? [run.folded] : endings(beginningOf(run))));
  return [...new Set(words)];
}

/** The prefixes that a user must match, all of them. Empty: nobody is found. */
export function searchedNameWords(text: string): string[] {
  return [...new Set(wordRuns(text).map(beginningOf))].slice(0, PEOPLE_LIMITS.maxSearchWords);
}
