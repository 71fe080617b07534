import { type Audience, type ConversationId, ImError, type MessageKind, type UserId } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import type { Session } from '../sessions/session.ts';

/** The fields of a client's frame that say where it goes. */
export type Address = Pick<ClientFrameOf<'chat'>, 'to'>;

/** How a kind of conversation treats one message. */
export interface Decision {
  /**
   * One word without a dot; empty: an ordinary message. The message's dedup claim keeps it, so that a resend is treated
   * as its first copy was, whatever has changed since (C3).
   */
  verdict: string;
  /**
   * The audience of a message whose first copy got this verdict. An error: the first copy was refused, and so is each
   * resend.
   */
  audienceBy(verdict: string): Audience | ImError;
}

/** The conversation that an address resolves to. */
export interface Resolution {
  conversationId: ConversationId;
  /** How the content's digest names the address: see `Addressed`. */
  addressee: UserId | ConversationId;
  /**
   * Called once, after all other checks have passed. A promise means that something must be read first. The promise
   * never rejects, and the promises of one conversation resolve in call order, so that its messages keep their order
   * (C5).
   */
  decide(): Decision | Promise<Decision>;
}

/** Everything about sending that differs between kinds of conversation. */
export interface ConversationKind {
  /** Errors: refusals that need no read, such as `recipient_invalid`. */
  resolve(session: Session, address: Address): Resolution;
}

/** A kind without its entry does not compile. */
export type ConversationKinds = { readonly [K in MessageKind]: ConversationKind };

/** Errors: `unknown_kind`. */
export function kindOf(kinds: ConversationKinds, name: string): ConversationKind {
  if (!Object.hasOwn(kinds, name)) {
    throw new ImError('unknown_kind', `kind must be one of ${Object.keys(kinds).join(', ')}`, { field: 'kind' });
  }
  return kinds[name as MessageKind];
}
