import { PEOPLE_LIMITS } from './people-limits.ts';
import type { Profile } from './profile.ts';
import { CJK_RUNS, MAX_TOKEN_LENGTH } from './search-tokens.ts';

/** A run of Chinese, Japanese or Korean is found by any part: by the beginning of one of its endings. */
function endings(run: string): string[] {
  const characters = [...run];
  return characters.map((_, start) => characters.slice(start).join(''));
}

function runsOf(text: string): { run: string; cjk: boolean }[] {
  const found = text.normalize('NFKC').toLowerCase().matchAll(CJK_RUNS);
  return Array.from(found, ([run, cjk]) => ({ run: run.slice(0, MAX_TOKEN_LENGTH), cjk: cjk !== undefined }));
}

/**
 * The words by whose beginnings a search finds a user, each once: those of the name and of the id, folded by NFKC and to
 * lower case. None for a user who does not want to be found.
 */
export function nameWords({ userId, displayName, privacy }: Profile): string[] {
  if (!privacy.discoverable) return [];
  const words = runsOf(`${displayName} ${userId}`).flatMap(({ run, cjk }) => (cjk ? endings(run) : [run]));
  return [...new Set(words)];
}

/** The beginnings of words that a searched user must all have. Empty: nobody is found. */
export function searchedNameWords(text: string): string[] {
  const words = runsOf(text).map(({ run }) => run);
  return [...new Set(words)].slice(0, PEOPLE_LIMITS.maxSearchWords);
}
