import {
  defined,
  ImError,
  type LogId,
  type MessageId,
  type MessageStatus,
  type Position,
  timeOf,
} from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { Alarm } from '../basics/alarm.ts';
import { serverError } from '../connection/server-error.ts';
import { identityOf, pendingKey } from '../conversations/chat-message.ts';
import { addressOf, keyOf } from '../conversations/direct.ts';
import type { Core } from '../core.ts';
import type { Unsent } from '../storing/stored-values.ts';
import { checkOutgoing } from './check-outgoing.ts';
import { Followed } from './followed.ts';
import type { MessageToSend } from './message-to-send.ts';
import { newMessageId } from './new-message-id.ts';
import { Outbox } from './outbox.ts';
import { type Outgoing, OutgoingMessage } from './outgoing.ts';
import { frameOf, messageOf } from './unsent.ts';

export interface SenderHandlers {
  /** The server asks the client to reconnect to another node. */
  reconnect(error: ImError): void;
  /** A message has been queued for long without a `server_ack`: a sync tells whether it is stored. */
  storedIsLate(): void;
  /** Messages that were queued at or before a time, and are to be sent again. */
  unanswered(outbox: Outbox, queuedBy: number, now: number): Unsent[];
  /** Whether this log, of a user or of a group, is being synced. */
  isSynced(log: LogId): boolean;
}

/** These errors concern the session, not the message that they answer: it is sent again in the next session. */
const SESSION_ERRORS: readonly string[] = ['not_logged_in', 'token_invalid', 'token_expired', 'session_replaced'];

/** Sends messages until the server has stored them, and updates their promises and their places on the screen. */
export class Sender {
  readonly #core: Core;
  readonly #handlers: SenderHandlers;
  readonly #outbox: Outbox;
  readonly #followed: Followed;
  readonly #alarm: Alarm;
  readonly #storedAlarm: Alarm;
  #order = 0;
  #online = false;

  constructor(core: Core, handlers: SenderHandlers) {
    this.#core = core;
    this.#handlers = handlers;
    this.#outbox = new Outbox(core.limits, core.random);
    this.#followed = new Followed(core.limits.maxFollowed);
    this.#alarm = new Alarm(core.clock, () => this.#wake());
    this.#storedAlarm = new Alarm(core.clock, () => this.#checkStored());
  }

  /** Takes the messages that an earlier run of the program left unsent. */
  restore(messages: readonly Unsent[]): void {
    for (const unsent of messages) {
      this.#order = Math.max(this.#order, unsent.order);
      this.#admit({ ...unsent, wasSent: true });
    }
  }

  send(message: MessageToSend): Outgoing {
    const { content, mentions, clientMessageId = newMessageId(this.#core.random) } = message;
    const to = addressOf(this.#core.userId, message);
    const known = this.#followed.get(clientMessageId);
    if (known !== undefined) return known;
    const { limits, clock, durable } = this.#core;
    const isFull =
      this.#outbox.unsent.size >= limits.maxOutbox || this.#outbox.unsent.get(clientMessageId) !== undefined;
    const error = isFull
      ? new ImError('overloaded', `${limits.maxOutbox} messages wait, or this one`)
      : checkOutgoing({ to, content, clientMessageId, ...defined({ mentions }) }, this.#core);
    if (error !== null) {
      const refused = new OutgoingMessage(clientMessageId, to);
      refused.fail(error);
      return refused;
    }
    const { highest } = this.#core.timeline.with(to);
    const order = ++this.#order;
    const after = highest || undefined;
    const written = { ...message, clientMessageId, order, to, createdAt: clock.now(), after };
    // What the application gave may change later, and a database may be unable to keep it: a proxy, or what has `toJSON`.
    const unsent: Unsent = JSON.parse(JSON.stringify(written));
    durable.saveUnsent(unsent);
    const outgoing = this.#admit(unsent);
    this.pump();
    return outgoing;
  }

  /** Whether this is a message of this device that is not stored yet. */
  isUnstored({ from, clientMessageId }: ServerFrameOf<'chat'>): boolean {
    return from === this.#core.userId && this.#outbox.unsent.get(clientMessageId) !== undefined;
  }

  /** An own message came back: it is stored if it has a position. */
  cameBack(frame: ServerFrameOf<'chat'>): void {
    const { clientMessageId, messageId, position, status } = frame;
    if (position !== undefined) this.stored(clientMessageId, messageId, position, status, frame);
  }

  /** Messages on their way, in the order of sending. */
  outgoing(): Outgoing[] {
    return this.#followed.all();
  }

  /** Sends the messages that may be sent now. */
  pump(): void {
    const now = this.#core.clock.monotonic();
    if (!this.#online) return;
    const departures = this.#outbox.depart(now);
    for (const departure of departures) this.#core.transmit(frameOf(departure));
    if (departures.length > 0) this.#alarm.set(this.#core.limits.answerTimeoutMs);
  }

  online(): void {
    this.#online = true;
    this.pump();
    if (this.#outbox.unsent.size > 0) this.#storedAlarm.set(this.#core.limits.storedTimeoutMs);
  }

  offline(): void {
    this.#online = false;
    this.#alarm.clear();
    this.#storedAlarm.clear();
    this.#outbox.disconnected();
  }

  /** C1: the server holds the message durably. */
  queued(frame: ServerFrameOf<'send_ack'>): void {
    const { clientMessageId, messageId } = frame;
    const unsent = this.#outbox.queued(clientMessageId, messageId, this.#core.clock.monotonic());
    if (unsent === undefined) return;
    const said = learned(unsent, messageId, frame);
    this.#core.durable.saveUnsent(unsent);
    this.#advance(unsent, pendingKey(unsent.order), messageId, { state: 'queued', ...said });
    this.#storedAlarm.set(this.#core.limits.storedTimeoutMs);
    this.pump();
  }

  /**
   * C2: reported by a `server_ack`, or by the log (`frame`). Of a forward, `send_ack` and the log say what it says: that ack may
   * be lost, or of another copy, and then this waits for the log, if that comes to this device.
   */
  stored(
    clientMessageId: string,
    messageId: MessageId,
    position: Position,
    status: MessageStatus = 'stored',
    frame?: Said,
  ): void {
    const unsent = this.#outbox.unsent.get(clientMessageId);
    if (unsent === undefined) return;
    const isSaid = unsent.forwardOf === undefined || unsent.saidAs === messageId;
    if (frame === undefined && !isSaid && this.#handlers.isSynced(unsent.to)) return;
    this.#outbox.remove(clientMessageId);
    const { durable, shown, clock, connection, userId, timeline } = this.#core;
    const identity = identityOf(userId, clientMessageId);
    const conversation = keyOf(timeline.with(unsent.to));
    shown.add({ identity, conversation, ids: [messageId], position, connection, at: clock.now() });
    durable.noteSent(clientMessageId);
    const former = unsent.messageId;
    if (former !== undefined && former !== messageId) durable.keeper?.remove(conversation, former);
    const said = learned(unsent, messageId, frame);
    this.#advance(unsent, unsent.messageId ?? pendingKey(unsent.order), messageId, { state: status, ...said });
    if (!timeline.keep(conversation, messageId)) {
      timeline.place({ ...messageOf({ ...unsent, messageId }, this.#core), state: status });
    }
    // Kept now, it would stand beside what ended earlier; the log brings it once it is open.
    if (!this.#handlers.isSynced(unsent.to)) durable.keeper?.remove(conversation, messageId);
    durable.flush();
    this.pump();
  }

  receipt(receipt: ServerFrameOf<'receipt'>): void {
    this.#followed.receipt(receipt);
  }

  /** Returns true if the error answers a message of this sender. */
  error(frame: ServerFrameOf<'error'>): boolean {
    const { ref, code, retry, retryAfterMs } = frame;
    if (ref === undefined || this.#outbox.unsent.get(ref) === undefined) return false;
    const error = serverError(frame);
    if (retry === 'never' && !SESSION_ERRORS.includes(code)) {
      this.#refuse(ref, error);
      this.pump();
      return true;
    }
    const now = this.#core.clock.monotonic();
    this.#outbox.retryLater(ref, now, retryAfterMs, code === 'too_fast' || code === 'overloaded');
    this.#alarm.set(this.#outbox.nextDue(now) - now);
    if (retry === 'reconnect') this.#handlers.reconnect(error);
    return true;
  }

  /** Another user logged in: they must not send this user's messages. */
  disown(): void {
    for (const clientMessageId of [...this.#outbox.unsent.keys()]) {
      this.#refuse(clientMessageId, new ImError('forged_sender', 'another user has logged in'));
    }
  }

  /** Final: the promises reject; messages in the store are sent by the next client that uses it. */
  close(): void {
    this.offline();
    const error = new ImError('connection_closed', 'the client was closed');
    for (const outgoing of this.#followed.all()) outgoing.abandon(error);
  }

  #admit(unsent: Unsent): OutgoingMessage {
    const { clock, timeline } = this.#core;
    const outgoing = new OutgoingMessage(unsent.clientMessageId, unsent.to);
    this.#outbox.add(unsent, clock.monotonic());
    this.#followed.add(outgoing);
    const message = messageOf(unsent, this.#core);
    const { conversationId } = message;
    if (unsent.messageId !== undefined) {
      this.#followed.advance(outgoing, 'queued', { conversationId, messageId: unsent.messageId });
    }
    timeline.place(message);
    return outgoing;
  }

  /** Updates the promises and the place on the screen. */
  #advance(
    { clientMessageId, to }: Unsent,
    sortKey: string,
    messageId: MessageId,
    { state, ...said }: { state: 'queued' | MessageStatus } & Said,
  ): void {
    const { timeline } = this.#core;
    const view = timeline.with(to);
    const { conversationId } = view;
    const outgoing = this.#followed.get(clientMessageId);
    if (outgoing !== undefined) this.#followed.advance(outgoing, state, { conversationId, messageId });
    const change = { messageId, state: outgoing?.state ?? state, sentAt: timeOf(messageId), ...said };
    timeline.change(keyOf(view), sortKey, change);
  }

  #refuse(clientMessageId: string, error: ImError): void {
    const unsent = this.#outbox.remove(clientMessageId);
    if (unsent === undefined) return;
    const { durable, timeline } = this.#core;
    const conversation = keyOf(timeline.with(unsent.to));
    durable.noteSent(clientMessageId);
    if (unsent.messageId !== undefined) durable.keeper?.remove(conversation, unsent.messageId);
    durable.flush();
    timeline.change(conversation, unsent.messageId ?? pendingKey(unsent.order), {
      state: 'failed',
      refusal: error.code,
    });
    const outgoing = this.#followed.get(clientMessageId);
    if (outgoing === undefined) return;
    this.#followed.remove(outgoing);
    outgoing.fail(error);
  }

  #wake(): void {
    const { clock } = this.#core;
    this.#outbox.expire(clock.monotonic());
    this.pump();
    const due = this.#outbox.nextDue(clock.monotonic()) - clock.monotonic();
    if (this.#online && due !== Number.POSITIVE_INFINITY) this.#alarm.set(due);
  }

  #checkStored(): void {
    const { clock, limits } = this.#core;
    const now = clock.monotonic();
    if (now - this.#outbox.oldestQueuedAt >= limits.storedTimeoutMs) this.#handlers.storedIsLate();
    for (const unsent of this.#handlers.unanswered(this.#outbox, now - limits.storedTimeoutMs, now)) {
      this.#core.transmit(frameOf({ unsent, resend: true, behind: '' }));
    }
    if (this.#outbox.unsent.size > 0) this.#storedAlarm.set(limits.storedTimeoutMs);
  }
}

type Said = Pick<ServerFrameOf<'chat'>, 'content' | 'forwarded'>;

/** What a forward says is the server's; only its frames and acks have it. */
function learned(unsent: Unsent, saidAs: MessageId, { content, forwarded }: Said = {}): Said {
  if (unsent.forwardOf === undefined || content === undefined) return {};
  const said = defined({ content, forwarded });
  Object.assign(unsent, said, { saidAs });
  return said;
}
