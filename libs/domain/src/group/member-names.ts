import type { UserId } from '../conversation/conversation-id.ts';
import { foldAccents } from '../fold-accents.ts';
import { searchedNameWords, wordsIn } from '../name-words.ts';
import { nfkcCasefold } from '../nfkc-casefold.ts';

/**
 * Version of the rules in this file. Raise it when they change, or those of `name-words.ts`: stores keep what follows
 * from them, and recompute it.
 */
export const MEMBER_NAME_RULES = 1;

/** Words by which one member is found: of the name, and of the id (C16). */
const MAX_NAME_WORDS = 12;
const MAX_ID_WORDS = 4;
const MAX_ORDER_CHARACTERS = 64;

/** Lists of members are sorted by this, code point by code point: the name without case and accents. */
export function memberOrder(displayName: string): string {
  const folded = foldAccents(nfkcCasefold(displayName)).trim();
  return [...folded].slice(0, MAX_ORDER_CHARACTERS).join('');
}

/** The words whose beginnings find a member in a group, without duplicates; at most 16, the first ones. */
export function memberWords(userId: UserId, displayName: string): string[] {
  const ofName = wordsIn(displayName).slice(0, MAX_NAME_WORDS);
  return [...new Set([...ofName, ...wordsIn(userId).slice(0, MAX_ID_WORDS)])];
}

/** What a search for members asks for. */
export interface MemberSearch {
  /** The longest prefix, as the fewest words match it: it leads. */
  lead: string;
  others: readonly string[];
}

/** Null: the text has no word, and finds nobody. */
export function memberSearch(text: string): MemberSearch | null {
  const [lead, ...others] = searchedNameWords(text).sort((a, b) => b.length - a.length);
  return lead === undefined ? null : { lead, others };
}

/**
 * Whether a search finds a member at this word of theirs. A member is found at one word only, so that a list in the
 * order of words has nobody twice.
 */
export function isFoundAt(word: string, words: readonly string[], { lead, others }: MemberSearch): boolean {
  const [first] = words.filter((one) => one.startsWith(lead)).sort();
  return first === word && others.every((start) => words.some((one) => one.startsWith(start)));
}
