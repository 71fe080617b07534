import { PEOPLE_LIMITS } from './people-limits.ts';
import type { Profile } from './profile.ts';
import { MAX_TOKEN_LENGTH, type WordRun, wordRuns } from './search-tokens.ts';

/** Of `nameWords`. Raise it when they change: stores keep them, and make them anew where theirs are of other rules. */
export const NAME_WORD_RULES = 2;

/** A part of a script without spaces is found anywhere in its run: at the beginning of one of the run's endings. */
function endings(run: string): string[] {
  const characters = [...run];
  return characters.map((_, start) => characters.slice(start).join(''));
}

/** A run of a script without spaces has no bound of its own. */
function beginningOf({ folded }: WordRun): string {
  return folded.slice(0, MAX_TOKEN_LENGTH);
}

/**
 * The words by whose beginnings a search finds a user, each once: those of the name and of the id, folded as those of
 * messages and without accents. None for a user who does not want to be found.
 */
export function nameWords({ userId, displayName, privacy }: Profile): string[] {
  if (!privacy.discoverable) return [];
  const words = wordRuns(`${displayName} ${userId}`).flatMap((run) =>
    run.gram === undefined ? [run.folded] : endings(beginningOf(run)),
  );
  return [...new Set(words)];
}

/** The beginnings of words that a searched user must all have. Empty: nobody is found. */
export function searchedNameWords(text: string): string[] {
  return [...new Set(wordRuns(text).map(beginningOf))].slice(0, PEOPLE_LIMITS.maxSearchWords);
}
