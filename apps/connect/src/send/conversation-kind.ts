import {
  type Audience,
  type ConversationId,
  ImError,
  isGroupId,
  type Mentions,
  type MessageKind,
  type UserId,
} from '@chasqui/domain';
import type { Session } from '../sessions/session.ts';

/** The fields of a client's frame that say where it goes and whom it names. One of the first two is given. */
export interface Address {
  to?: UserId | undefined;
  conversationId?: ConversationId | undefined;
  mentions?: Mentions | undefined;
  resend?: boolean | undefined;
}

/**
 * When the live way of a message begins. `at_once`: with the durable way. `once_queued`: when the bus has the message, so
 * that whoever sees it live answers behind it in the shard (C5), and nothing is ever retracted because the bus failed.
 * `once_stored`: Business begins it, as only storing can tell whether the message may be shown, and to whom.
 */
type LiveWay = 'at_once' | 'once_queued' | 'once_stored';

/** How a kind of conversation treats one message. */
export interface Decision {
  pushes: LiveWay;
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

/** An error refuses this copy only: nothing is claimed, so that a later resend may be accepted. */
export type Decided = Decision | ImError;

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
  decide(): Decided | Promise<Decided>;
}

/** Everything about sending that differs between kinds of conversation. */
export interface ConversationKind {
  /** Errors: refusals that need no read, such as `recipient_invalid`. */
  resolve(session: Session, address: Address): Resolution;
}

/** A kind without its entry does not compile. */
export type ConversationKinds = { readonly [K in MessageKind]: ConversationKind };

/**
 * The kind of a message: the one that it names, or else that of its address. Errors: `unknown_kind`; `invalid_frame` if
 * not exactly one address is given.
 */
export function kindOf(
  kinds: ConversationKinds,
  { kind, to, conversationId }: Address & { kind?: string | undefined },
): { name: MessageKind; kind: ConversationKind } {
  const name = kind ?? (conversationId !== undefined && isGroupId(conversationId) ? 'group' : 'c2c');
  if (!Object.hasOwn(kinds, name)) {
    throw new ImError('unknown_kind', `kind must be one of ${Object.keys(kinds).join(', ')}`, { field: 'kind' });
  }
  if ((to === undefined) === (conversationId === undefined)) {
    const field = to === undefined ? 'to' : 'conversationId';
    throw new ImError('invalid_frame', 'either to or conversationId must be given', { field });
  }
  return { name: name as MessageKind, kind: kinds[name as MessageKind] };
}
