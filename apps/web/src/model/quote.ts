import { contentKind, defined, type MessageContent, type UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { type KindName, messageKind } from './files/message-kind.ts';

/**
 * What is shown of an answered message; `gone`: the user may not see it, or it does not exist. `name`: what it is, in
 * more than its kind; only of a message that is known whole.
 */
export type Quote = (Omit<NonNullable<ServerFrameOf<'chat'>['quoted']>, 'messageId'> & { name?: KindName }) | 'gone';

/** The quote of a message that is known whole. */
export function quoteOf(message: Quotable): Exclude<Quote, 'gone'> {
  const { from, content = {}, recalledAt } = message;
  return {
    from,
    kind: contentKind(content),
    ...defined({ text: content.text, recalledAt, name: messageKind(content) }),
  };
}

interface Quotable {
  from: UserId;
  content?: MessageContent;
  recalledAt?: number;
}
