import { CONTACT_STATES, PUSH_PROVIDERS, PUSH_RESULTS } from '@chasqui/domain';
import { Who } from '../groups/tallies.ts';
import type { Names } from './names.ts';

type Value = string | number | null;

/** How a column of this store says what a moved row says by names. */
export interface ColumnRule {
  /** From the column to the row. */
  out(value: Value, names: Names): Value;
  /** From the row to the column. */
  back(value: Value, names: Names): Value;
}

export const USER: ColumnRule = {
  out: (value, names) => names.user(value as number),
  back: (value, names) => names.userId(value as string),
};

/** 0: no user, whose name is empty. */
export const USER_OR_NONE: ColumnRule = {
  out: (value, names) => (value === 0 ? '' : names.user(value as number)),
  back: (value, names) => (value === '' ? 0 : names.userId(value as string)),
};

export const CONVERSATION: ColumnRule = {
  out: (value, names) => names.conversation(value as number),
  back: (value, names) => names.conversationId(value as string),
};

function placeIn(words: readonly string[]): ColumnRule {
  return {
    out: (value) => words[value as number] ?? '',
    back: (value) => words.indexOf(value as string),
  };
}

export const PROVIDER = placeIn(PUSH_PROVIDERS);
export const RESULT = placeIn(PUSH_RESULTS);
export const CONTACT_STATE = placeIn(CONTACT_STATES);

const OF_USER = { '=': Who.own, '~': Who.ownToAll, '!': Who.named } as const;

/** What a total counts (see `Who`): `#`, `*`, or a sign and the name of a user. */
export const WHO: ColumnRule = {
  out(value, names) {
    if (value === Who.messages) return '#';
    if (value === Who.toAll) return '*';
    const [sign, user] = ofUser(value as number);
    return sign + names.user(user);
  },
  back(value, names) {
    const who = value as string;
    if (who === '#') return Who.messages;
    if (who === '*') return Who.toAll;
    return OF_USER[who[0] as keyof typeof OF_USER](names.userId(who.slice(1)));
  },
};

function ofUser(who: number): [sign: string, user: number] {
  const user = Math.floor(who / Who.own(1));
  const sign = Object.entries(OF_USER).find(([, of]) => of(user) === who)?.[0] ?? '';
  return [sign, user];
}
