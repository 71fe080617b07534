/**
 * A message id is a hybrid logical clock reading as 24 lower-case hexadecimal digits: 12 of Unix milliseconds, 4 of a
 * counter, 8 of the issuing process's random tag. Text order is time order.
 */
export type MessageId = string;

export const MESSAGE_ID_PATTERN = '^[0-9a-f]{24}$';
const pattern = new RegExp(MESSAGE_ID_PATTERN);
export const MAX_COUNTER = 0xffff;

export interface IdParts {
  /** Unix time in milliseconds, 48 bits. */
  millis: number;
  /** 0–65535. */
  counter: number;
  /** 32 bits, random per process. */
  tag: number;
}

export function isMessageId(text: string): text is MessageId {
  return pattern.test(text);
}

export function formatMessageId({ millis, counter, tag }: IdParts): MessageId {
  return (
    millis.toString(16).padStart(12, '0') + counter.toString(16).padStart(4, '0') + tag.toString(16).padStart(8, '0')
  );
}

export function parseMessageId(id: MessageId): IdParts {
  return {
    millis: Number.parseInt(id.slice(0, 12), 16),
    counter: Number.parseInt(id.slice(12, 16), 16),
    tag: Number.parseInt(id.slice(16, 24), 16),
  };
}

/** When the id was issued, in Unix milliseconds by the issuing node's hybrid clock. */
export function timeOf(id: MessageId): number {
  return Number.parseInt(id.slice(0, 12), 16);
}
