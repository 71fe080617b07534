import { type Audience, type ConversationId, ImError, type MessageKind, type UserId } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import type { Session } from '../sessions/session.ts';

/** What says in a client's frame where it goes. */
export type Address = Pick<ClientFrameOf<'chat'>, 'to'>;

/** How a kind of conversation treats one message. */
export interface Decision {
  /**
   * One word for it, without a dot; empty: like any other message. The message's dedup claim keeps it, so that a resend is
   * treated as its first copy was, whatever has changed meanwhile (C3).
   */
  verdict: string;
  /** The audience of a message whose first copy met this verdict; an error: it was refused, and so is each resend. */
  audienceBy(verdict: string): Audience | ImError;
}

/** What a kind of conversation makes of an address. */
export interface Resolution {
  conversationId: ConversationId;
  /** What the digest of the content says of the address: see `Addressed`. */
  addressee: UserId | ConversationId;
  /**
   * Asked once, when nothing else is against the message. A promise: something has to be read first. It never rejects, and
   * those of one conversation resolve in the order of the calls, so that its messages stay in theirs (C5).
   */
  decide(): Decision | Promise<Decision>;
}

/** All that differs between kinds of conversation when something is sent to them. */
export interface ConversationKind {
  /** Errors: the refusals that need nothing to be read, such as `recipient_invalid`. */
  resolve(session: Session, address: Address): Resolution;
}

/** A new kind without its conversations does not compile. */
export type ConversationKinds = { readonly [K in MessageKind]: ConversationKind };

/** Errors: `unknown_kind`. */
export function kindOf(kinds: ConversationKinds, name: string): ConversationKind {
  if (!Object.hasOwn(kinds, name)) {
    throw new ImError('unknown_kind', `kind must be one of ${Object.keys(kinds).join(', ')}`, { field: 'kind' });
  }
  return kinds[name as MessageKind];
}
