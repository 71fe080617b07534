import { type ConversationId, defined, type ImError, type UserId } from '@chasqui/domain';
import type { Connection, TokenClaims } from '@chasqui/ports';
import {
  CLOSE_CODES,
  type CloseReason,
  encodeFrame,
  publicMessage,
  type ServerFrame,
  SUBPROTOCOLS,
  type Subprotocol,
} from '@chasqui/protocol';
import type { TokenBucket } from '../admission/token-bucket.ts';
import { SendOrder } from './send-order.ts';
import type { UnconfirmedPages } from './unconfirmed-pages.ts';

/** `connected`: no login yet. `authenticating`: frames that arrive now wait in `early`. */
export type SessionState = 'connected' | 'authenticating' | 'open' | 'closed';

/** Frames that a client may send behind its login without waiting for the answer. */
export const MAX_EARLY_FRAMES = 64;

/** One connection and, once logged in, whose it is. Kept small: most of them are idle. */
export class Session {
  readonly connection: Connection;
  readonly sessionId: string;
  readonly subprotocol: Subprotocol;
  state: SessionState = 'connected';
  userId: UserId = '';
  deviceId = '';
  platform = '';
  /** Of the token that it logged in with. */
  claims: TokenClaims | null = null;
  /** Its place among the log-ins of this node, in the order in which they arrived. */
  place = 0;
  /** Unix ms of the login. */
  since = 0;
  /** Monotonic ms of the last frame. */
  seenAt: number;
  /** Monotonic ms of when the store was last asked whether it may stay. */
  reviewedAt = 0;
  /** Messages accepted and not yet queued. */
  inFlight = 0;
  syncing = false;
  /** Went on sending without a budget, and is being closed: nothing of it is looked at any more. */
  isFlooding = false;
  /** Messages of its sync pages that it has not acked: their acks are paid for. */
  paidAcks = 0;
  early: (string | Uint8Array)[] | null = null;
  messageBucket: TokenBucket | null = null;
  /** Users whose presence it watches, with what it was last told of each; null: nothing yet. */
  watchedUsers: Map<UserId, boolean | null> | null = null;
  unconfirmedPages: UnconfirmedPages | null = null;
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

  /** Whether it was told to go, or is gone: it takes nothing more. */
  get isOver(): boolean {
    return this.#isEnding || this.state === 'closed';
  }

  /** Unix ms when the token ends. */
  get expiresAt(): number {
    return this.claims?.expiresAt ?? Number.POSITIVE_INFINITY;
  }

  /** Whether the order of this conversation was broken since `generation`; see `SendOrder`. */
  isBrokenSince(conversationId: ConversationId, generation: number): boolean {
    return this.order.generation(conversationId) !== generation;
  }

  /** Lets go of what it does not need while it is idle. `now`: monotonic ms. */
  rest(now: number): void {
    if (this.messageBucket?.isFull(now)) this.messageBucket = null;
  }

  send(frame: ServerFrame): void {
    this.connection.send(encodeFrame(frame, this.subprotocol));
  }

  /** Sends a server frame that is JSON text already. False: it will not arrive. */
  sendText(frame: string): boolean {
    const data = this.subprotocol === 'chasqui.v1.json' ? frame : encodeFrame(JSON.parse(frame), this.subprotocol);
    return this.connection.send(data) !== 'dropped';
  }

  /** C15: the stable code, what is wrong in our own words, the field, and what the error answers. */
  sendError(error: ImError, ref?: string): void {
    const { field, retryAfterMs } = error.details;
    this.send({
      type: 'error',
      code: error.code,
      message: publicMessage(error),
      retry: error.retry,
      ...defined({ field, retryAfterMs, ref }),
    });
  }

  close(reason: CloseReason): void {
    this.end(CLOSE_CODES[reason], reason);
  }

  /** Tells the client why, and closes for good. */
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
