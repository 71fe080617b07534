import { contentKind, defined, type UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';

/** What is shown of an answered message; `gone`: the user may not see it, or it does not exist. */
export type Quote = Omit<NonNullable<ServerFrameOf<'chat'>['quoted']>, 'messageId'> | 'gone';

/** The quote of a message that is known whole. */
export function quoteOf(message: Quotable): Exclude<Quote, 'gone'> {
  const { from, content = {}, recalledAt } = message;
  return { from, kind: contentKind(content), ...defined({ text: content.text, recalledAt }) };
}

interface Quotable {
  from: UserId;
  content?: Parameters<typeof contentKind>[0];
  recalledAt?: number;
}
