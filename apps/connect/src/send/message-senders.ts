import { ImError, type MessageKind } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import type { Session } from '../sessions/session.ts';

/** How one kind of message is checked and sent. */
export interface MessageSender {
  /**
   * Accepts a message or refuses it before anything of it is pushed. Answers the sender later by itself.
   * Errors: the refusals of the protocol, `too_fast`, `overloaded`.
   */
  send(session: Session, frame: ClientFrameOf<'chat'>): void;
  /** Resolves when everything accepted is with the publisher or refused. */
  idle(): Promise<void>;
}

/** One sender for each kind of message: a new kind without its sender does not compile. */
export type MessageSenders = { readonly [K in MessageKind]: MessageSender };

/** Errors: `unknown_kind`. */
export function messageSenderOf(senders: MessageSenders, kind: string): MessageSender {
  if (!Object.hasOwn(senders, kind)) {
    throw new ImError('unknown_kind', `kind must be one of ${Object.keys(senders).join(', ')}`, { field: 'kind' });
  }
  return senders[kind as MessageKind];
}
