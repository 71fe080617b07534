import type { MessageId } from '@chasqui/domain';

/** The id right after this one, so that a page before it includes the message itself. */
export function justAfter(id: MessageId): MessageId {
  return (BigInt(`0x${id}`) + 1n).toString(16).padStart(24, '0');
}
