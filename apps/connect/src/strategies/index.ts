import { ImError, type MessageKind } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import type { Session } from '../session.ts';

/** How one kind of message is checked and sent. */
export interface SendStrategy {
  /**
   * Accepts a message or refuses it before anything of it is pushed. Answers the sender later by itself.
   * Errors: the refusals of the protocol, `too_fast`, `overloaded`.
   */
  send(session: Session, frame: ClientFrameOf<'chat'>): void;
  /** Resolves when everything accepted is with the publisher or refused. */
  idle(): Promise<void>;
}

/** One strategy for each kind: a new kind without its strategy does not compile. */
export type SendStrategies = { readonly [K in MessageKind]: SendStrategy };

/** Errors: `unknown_kind`. */
export function strategyOf(strategies: SendStrategies, kind: string): SendStrategy {
  if (!Object.hasOwn(strategies, kind)) {
    throw new ImError('unknown_kind', `kind must be one of ${Object.keys(strategies).join(', ')}`, { field: 'kind' });
  }
  return strategies[kind as MessageKind];
}
