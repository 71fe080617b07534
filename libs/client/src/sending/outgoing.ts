import {
  type ConversationId,
  defined,
  groupOf,
  type ImError,
  type LogId,
  type MessageId,
  ownerOf,
  type UserId,
} from '@chasqui/domain';
import { type OpenPromise, withResolvers } from '../basics/open-promise.ts';
import { type MessageState, stateRank } from '../conversations/chat-message.ts';

/** How far a message has come. `at`: Unix ms by the server, for `delivered` and `read`. */
export interface Progress {
  messageId: MessageId;
  at?: number;
}

type Milestone = 'queued' | 'stored' | 'delivered' | 'read';

/**
 * A message on its way. Each promise resolves once, when the message has reached at least that state. It rejects with
 * an `ImError` when the message will not reach it: the code of the server's refusal, `connection_closed` after
 * `client.close()`, or `deadline_exceeded` when its receipts are no longer followed. A promise that nobody awaits never
 * causes an unhandled rejection.
 */
export interface Outgoing {
  readonly clientMessageId: string;
  /** Empty in a group. */
  readonly to: UserId;
  /** Empty until the message is queued. */
  readonly conversationId: ConversationId | '';
  /** Empty until the message is queued. */
  readonly messageId: MessageId | '';
  readonly state: MessageState;
  /** The error that the promises reject with: the message will get no further, or is no longer followed. */
  readonly error: ImError | undefined;
  /** C1: the server holds it durably. */
  readonly queued: Promise<Progress>;
  /** C2: the message is in the history and in the logs of its audience. `messageId` is final from here. */
  readonly stored: Promise<Progress>;
  /** A device of the receiver has it. In a group, this and `read` reject with `not_allowed` once it is stored. */
  readonly delivered: Promise<Progress>;
  /** The receiver has read it. */
  readonly read: Promise<Progress>;
}

/** The `Outgoing` whose state the client advances; states only move forward (C7). */
export class OutgoingMessage implements Outgoing {
  readonly clientMessageId: string;
  readonly to: UserId;
  conversationId: ConversationId | '';
  messageId: MessageId | '' = '';
  state: MessageState = 'sending';
  error: ImError | undefined;
  #at: number | undefined;
  readonly #milestones = new Map<Milestone, OpenPromise<Progress>>();

  constructor(clientMessageId: string, to: LogId) {
    this.clientMessageId = clientMessageId;
    this.to = ownerOf(to) ?? '';
    this.conversationId = groupOf(to) ?? '';
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

  advance(state: Exclude<MessageState, 'sending' | 'failed'>, messageId: MessageId, at?: number): void {
    if (stateRank(state) <= stateRank(this.state)) return;
    this.state = state;
    this.messageId = messageId;
    this.#at = at;
    this.#settle();
  }

  /** The server refused it. */
  fail(error: ImError): void {
    this.state = 'failed';
    this.abandon(error);
  }

  /** The outcome of the open promises will not be known: they reject, and the state stays. */
  abandon(error: ImError): void {
    this.error = error;
    this.#settle();
  }

  /** Promises are made on demand: a busy sender rarely needs all four of a message. */
  #milestone(milestone: Milestone): Promise<Progress> {
    const known = this.#milestones.get(milestone) ?? withResolvers<Progress>();
    known.promise.catch(() => undefined);
    this.#milestones.set(milestone, known);
    this.#settle();
    return known.promise;
  }

  /** What is settled already stays as it is. */
  #settle(): void {
    const { state, error, messageId } = this;
    for (const [milestone, { resolve, reject }] of this.#milestones) {
      if (state !== 'failed' && stateRank(state) >= stateRank(milestone))
        resolve({ messageId, ...defined({ at: this.#at }) });
      else if (error !== undefined) reject(error);
    }
  }
}
