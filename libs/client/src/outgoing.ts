import type { ConversationId, ImError, MessageId, UserId } from '@chasqui/domain';
import { type MessageState, stateRank } from './chat-message.ts';

/** How far a message came. `at`: Unix ms by the server, for `delivered` and `read`. */
export interface Progress {
  messageId: MessageId;
  at?: number;
}

type Milestone = 'queued' | 'stored' | 'delivered' | 'read';

/**
 * A message on its way. Each promise resolves once, when the message is at least that far, and rejects with an `ImError`
 * when it will not get there: the code of the server's refusal, `connection_closed` after `client.close()`, or
 * `deadline_exceeded` when its receipts are no longer followed. One that nobody awaits never becomes an unhandled rejection.
 */
export interface Outgoing {
  readonly clientMessageId: string;
  readonly to: UserId;
  /** Empty until it is queued. */
  readonly conversationId: ConversationId | '';
  /** Empty until it is queued. */
  readonly messageId: MessageId | '';
  readonly state: MessageState;
  /** Why it will get no further, or will not be followed further: what the promises reject with. */
  readonly error: ImError | undefined;
  /** C1: the server holds it durably. */
  readonly queued: Promise<Progress>;
  /** C2: it is in history and in both inboxes. `messageId` is final from here. */
  readonly stored: Promise<Progress>;
  /** A device of the receiver has it. */
  readonly delivered: Promise<Progress>;
  /** The receiver has read it. */
  readonly read: Promise<Progress>;
}

/** The `Outgoing` that the client moves along; states only move forward (C7). */
export class OutgoingMessage implements Outgoing {
  readonly clientMessageId: string;
  readonly to: UserId;
  conversationId: ConversationId | '' = '';
  messageId: MessageId | '' = '';
  state: MessageState = 'sending';
  error: ImError | undefined;
  #at: number | undefined;
  readonly #waiting = new Map<Milestone, PromiseWithResolvers<Progress>>();
  readonly #reached = new Map<Milestone, Promise<Progress>>();

  constructor(clientMessageId: string, to: UserId) {
    this.clientMessageId = clientMessageId;
    this.to = to;
  }

  get queued(): Promise<Progress> {
    return this.#milestone('queued');
  }

  get stored(): Promise<Progress> {
    return this.#milestone('stored');
  }

  get delivered(): Promise<Progress> {
    return this.#milestone('delivered');
  }

  get read(): Promise<Progress> {
    return this.#milestone('read');
  }

  /** True: it moved. */
  advance(state: Exclude<MessageState, 'sending' | 'failed'>, messageId: MessageId, at?: number): boolean {
    if (stateRank(state) <= stateRank(this.state)) return false;
    this.state = state;
    this.messageId = messageId;
    this.#at = at;
    for (const [milestone, waiting] of this.#waiting) {
      if (stateRank(milestone) > stateRank(state)) continue;
      waiting.resolve(this.#progress());
      this.#waiting.delete(milestone);
    }
    return true;
  }

  /** The server refused it. */
  fail(error: ImError): void {
    this.state = 'failed';
    this.abandon(error);
  }

  /** What is still open will not be known: the state stays. */
  abandon(error: ImError): void {
    this.error = error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }

  #progress(): Progress {
    const { messageId } = this;
    return this.#at === undefined ? { messageId } : { messageId, at: this.#at };
  }

  /** Promises are made when asked for: most messages of a busy sender never need four of them. */
  #milestone(milestone: Milestone): Promise<Progress> {
    const known = this.#reached.get(milestone);
    if (known !== undefined) return known;
    const waiting = Promise.withResolvers<Progress>();
    waiting.promise.catch(() => undefined);
    this.#reached.set(milestone, waiting.promise);
    if (this.state !== 'failed' && stateRank(this.state) >= stateRank(milestone)) waiting.resolve(this.#progress());
    else if (this.error !== undefined) waiting.reject(this.error);
    else this.#waiting.set(milestone, waiting);
    return waiting.promise;
  }
}
