import type { GroupMember } from '@chasqui/client';
import type { Mentions, UserId } from '@chasqui/domain';

/** The word that is being written after an `@`. */
export interface MentionQuery {
  /** Where the `@` is. */
  start: number;
  text: string;
}

export type Named = Pick<GroupMember, 'userId' | 'displayName'>;

/** What mentions all, in the languages of the page. */
export const ALL_WORDS: readonly string[] = ['all', 'Everybody', '所有人'];
/** The most members that a message may mention. */
const MAX_MENTIONS = 50;
const MAX_SUGGESTIONS = 8;

/** The mention that the text before the caret begins; an `@` within a word, as in an e-mail address, begins none. */
export function mentionQuery(before: string): MentionQuery | undefined {
  const found = /(?<![A-Za-z0-9_.])@([^\s@]{0,64})$/u.exec(before);
  return found === null ? undefined : { start: found.index, text: found[1] ?? '' };
}

/** Members whose name or id contains the text; first those that begin with it. */
export function mentionSuggestions<T extends Named>(members: readonly T[], { text }: MentionQuery): T[] {
  const wanted = text.toLowerCase();
  const rank = ({ userId, displayName }: T) => {
    const names = [displayName.toLowerCase(), userId.toLowerCase()];
    return names.some((name) => name.startsWith(wanted)) ? 0 : names.some((name) => name.includes(wanted)) ? 1 : 2;
  };
  const found = members.filter((member) => rank(member) < 2);
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, MAX_SUGGESTIONS);
}

/** Whom a text mentions, by name or id. Undefined: nobody. */
export function mentionsIn(text: string, members: readonly Named[]): Mentions | undefined {
  const pieces = mentionPieces(text, [...members.flatMap(namesOf), ...ALL_WORDS]).filter(({ isMention }) => isMention);
  const words = new Set(pieces.map((piece) => piece.text.slice(1)));
  if (ALL_WORDS.some((word) => words.has(word))) return 'all';
  const found = members.filter((member) => namesOf(member).some((name) => words.has(name)));
  return found.length === 0 ? undefined : found.map(({ userId }) => userId).slice(0, MAX_MENTIONS);
}

function namesOf({ userId, displayName }: Named): string[] {
  return [displayName, userId];
}

export function isMentioned(mentions: Mentions | undefined, me: UserId): boolean {
  return mentions === 'all' || mentions?.includes(me) === true;
}

export interface MentionPiece {
  text: string;
  isMention: boolean;
}

/** The text in pieces, those of which begin with `@` and are followed by one of the names are mentions. */
export function mentionPieces(text: string, names: readonly string[]): MentionPiece[] {
  const longestFirst = names.toSorted((a, b) => b.length - a.length);
  const pieces: MentionPiece[] = [];
  let plain = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const name = longestFirst.find((one) => text.startsWith(one, at + 1) && !isInWord(text, at + 1 + one.length));
    if (name === undefined) continue;
    const end = at + 1 + name.length;
    if (at > plain) pieces.push({ text: text.slice(plain, at), isMention: false });
    pieces.push({ text: text.slice(at, end), isMention: true });
    plain = end;
    at = end - 1;
  }
  if (plain < text.length || pieces.length === 0) pieces.push({ text: text.slice(plain), isMention: false });
  return pieces;
}

/** Whether a Latin word goes on: `@ann` is not in `@anna`. */
function isInWord(text: string, end: number): boolean {
  return /^[A-Za-z0-9_]/.test(text.slice(end)) && /[A-Za-z0-9_]$/.test(text.slice(0, end));
}
