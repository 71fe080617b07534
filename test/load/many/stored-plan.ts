import { sampleTexts } from '@chasqui/app-cli/load';
import { userName } from './one-user.ts';
import { anybody } from './partners.ts';

/** Has messages waiting that no device has. */
export const AWAY = 'away';
/** Has many conversations. */
export const BUSY = 'busy';
/** A word that each third message has. */
export const COMMON_WORD = 'meeting';
/** Messages of the plan's rounds, each with as many of each sort. */
const ROUND = 100;
const LONG = { from: 0, to: 10, conversations: 20 };
const OF_BUSY = { from: 10, to: 12, partners: 2_000 };
const TO_AWAY = { from: 80, to: 100, most: 100_000 };
const TEXTS = sampleTexts(280);
/** The common word, and one of few messages: number 210 is the busy user's and has both. */
export const TWO_WORDS = `${COMMON_WORD} ${TEXTS[210]?.split(' ')[0]}`;

export interface PlannedMessage {
  from: string;
  to: string;
  text: string;
}

/** The messages of a filled store, by number: a tenth in long conversations, a fiftieth of one busy user, up to a fifth waits for one user, the others from anybody to anybody. */
export function planned(users: number): (number: number) => PlannedMessage {
  const partnerOf = anybody(users);
  const sides = (number: number): [string, string] => {
    const [round, turn] = [Math.floor(number / ROUND), number % ROUND];
    const count = ({ from, to }: { from: number; to: number }) => round * (to - from) + turn - from;
    if (turn < LONG.to)
      return inTurn(longConversation(count(LONG) % LONG.conversations), count(LONG), LONG.conversations);
    if (turn < OF_BUSY.to) {
      const partners = Math.min(users, OF_BUSY.partners);
      return inTurn([userName(count(OF_BUSY) % partners), BUSY], count(OF_BUSY), partners);
    }
    if (turn >= TO_AWAY.from && count(TO_AWAY) < TO_AWAY.most) return [userName(turn % users), AWAY];
    const sender = number % users;
    return [userName(sender), userName(partnerOf(sender))];
  };
  return (number) => {
    const [from, to] = sides(number);
    return { from, to, text: textOf(number) };
  };
}

/** The users of a long conversation, by its number. */
export function longConversation(number: number): [string, string] {
  const index = number % LONG.conversations;
  return [userName(2 * index), userName(2 * index + 1)];
}

/** A word that only one message has, which is of the busy user. `share`: how far down the store, from 0 to below 1. */
export function rareWord(stored: number, share: number): string {
  return `code${Math.floor((share * stored) / ROUND) * ROUND + OF_BUSY.from}`;
}

/** The two users write in turn, each once in `every` messages. */
function inTurn([one, other]: [string, string], count: number, every: number): [string, string] {
  return Math.floor(count / every) % 2 === 0 ? [one, other] : [other, one];
}

function textOf(number: number): string {
  const common = number % 3 === 0 ? `${COMMON_WORD} ` : '';
  const rare = number % ROUND === OF_BUSY.from ? `code${number} ` : '';
  return `${common}${rare}${TEXTS[number % TEXTS.length]}`;
}
