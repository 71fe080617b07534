import { type ConversationId, defined, type ImError, type UserId } from '@chasqui/domain';
import type { Connection, TokenClaims } from '@chasqui/ports';
import {
  CLOSE_CODES,
  type CloseReason,
  encodeFrame,
  publicFault,
  type ServerFrame,
  SUBPROTOCOLS,
  type Subprotocol,
} from '@chasqui/protocol';
import type { TokenBucket } from '../admission/token-bucket.ts';
import { SendOrder } from './send-order.ts';
import type { UnconfirmedPages } from './unconfirmed-pages.ts';

/** `connected`: no login yet. `authenticating`: the login is being checked, and frames that arrive wait in `early`. */
export type SessionState = 'connected' | 'authenticating' | 'open' | 'closed';

/** How many frames a client may send behind its login without waiting for the answer. */
export const MAX_EARLY_FRAMES = 64;

/** One connection and, once it is logged in, its user and device. Kept small: most sessions are idle. */
export class Session {
  readonly connection: Connection;
  readonly sessionId: string;
  readonly subprotocol: Subprotocol;
  state: SessionState = 'connected';
  userId: UserId = '';
  deviceId = '';
  platform = '';
  /** The claims of its login token. */
  claims: TokenClaims | null = null;
  /** Its rank among the log-ins of this node, in order of arrival. */
  place = 0;
  /** Unix ms of the login. */
  since = 0;
  /** Monotonic ms of the last frame. */
  seenAt: number;
  /** Monotonic ms of the last check of its cut-off in the store. */
  reviewedAt = 0;
  /** Messages that are accepted and not yet queued. */
  inFlight = 0;
  /** A page of its inbox, of a group's log, or of its groups is being read. */
  syncing = false;
  syncingLog = false;
  listingGroups = false;
  /** The session continued to send without a budget and is being closed: its frames are ignored. */
  isFlooding = false;
  /** Messages of its sync pages that it has not acked: their acks are already paid for. */
  paidAcks = 0;
  early: (string | Uint8Array)[] | null = null;
  messageBucket: TokenBucket | null = null;
  /** The users whose presence it watches, each with the presence last sent; null: none sent yet. */
  watchedUsers: Map<UserId, boolean | null> | null = null;
  unconfirmedPages: UnconfirmedPages | null = null;
  /** The groups whose frames it gets; null: it did not ask for any. */
  groups: Set<ConversationId> | null = null;
  /** Its `groupsSince`. */
  groupsCursor = 0;
  #order: SendOrder | null = null;
  #isEnding = false;

  constructor(connection: Connection, sessionId: string, seenAt: number) {
    this.connection = connection;
    this.sessionId = sessionId;
    this.seenAt = seenAt;
    this.subprotocol = SUBPROTOCOLS.find((name) => name === connection.subprotocol) ?? 'chasqui.v1.json';
  }

  get order(): SendOrder {
    this.#order ??= new SendOrder();
    return this.#order;
  }

  /** Whether it is ending or closed: it takes nothing more. */
  get isOver(): boolean {
    return this.#isEnding || this.state === 'closed';
  }

  /** Unix ms at which the token expires. */
  get expiresAt(): number {
    return this.claims?.expiresAt ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a message of the conversation failed since `generation`; see `SendOrder`. */
  isBrokenSince(conversationId: ConversationId, generation: number): boolean {
    return this.order.generation(conversationId) !== generation;
  }

  /** Releases state that an idle session does not need. `now`: monotonic ms. */
  rest(now: number): void {
    if (this.messageBucket?.isFull(now)) this.messageBucket = null;
  }

  send(frame: ServerFrame): void {
    this.connection.send(encodeFrame(frame, this.subprotocol));
  }

  /** Sends a server frame that is already JSON text. False: it will not arrive. */
  sendText(frame: string): boolean {
    const data = this.subprotocol === 'chasqui.v1.json' ? frame : encodeFrame(JSON.parse(frame), this.subprotocol);
    return this.connection.send(data) !== 'dropped';
  }

  /** C15: the stable code, our own description of the fault, the field, and the frame that the error answers. */
  sendError(error: ImError, ref?: string): void {
    this.send({ type: 'error', ...publicFault(error), retry: error.retry, ...defined({ ref }) });
  }

  close(reason: CloseReason): void {
    this.end(CLOSE_CODES[reason], reason);
  }

  /** Tells the client the reason, and closes for good. */
  kick(reason: 'session_replaced' | 'token_expired'): void {
    if (this.isOver) return;
    this.send({ type: 'kicked', reason });
    this.close(reason);
  }

  end(code: number, reason: string): void {
    this.#isEnding = true;
    this.connection.end(code, reason);
  }
}
