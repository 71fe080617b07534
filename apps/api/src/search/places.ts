import { formatMessageId, MAX_COUNTER, type MessageId } from '@chasqui/domain';
import type { SearchQuery } from '@chasqui/ports';
import Type from 'typebox';

/** Prefix of the id of a hit that is not exact. Clients send the text back unchanged. */
const NOT_EXACT = '~';

export const PlaceField = Type.String({
  pattern: '^~?[0-9a-f]{24}$',
  'x-rule': 'be `nextBefore` of the page before',
  description: 'An opaque cursor into the hits of a query.',
});

/** The least id that a message of this time can have. */
export function firstIdOf(millis: number): MessageId {
  return formatMessageId({ millis, counter: 0, tag: 0 });
}

/** The greatest id that a message from before this time can have. */
export function lastIdBefore(millis: number): MessageId {
  return formatMessageId({ millis: millis - 1, counter: MAX_COUNTER, tag: 2 ** 32 - 1 });
}

type Place = NonNullable<SearchQuery['after']>;

/** @param text as `PlaceField` takes it */
export function placeOf(text: string): Place {
  const exact = !text.startsWith(NOT_EXACT);
  return { exact, messageId: exact ? text : text.slice(NOT_EXACT.length) };
}

/** The text that `placeOf` reads. */
export function placeText({ exact, messageId }: Place): string {
  return exact ? messageId : `${NOT_EXACT}${messageId}`;
}
