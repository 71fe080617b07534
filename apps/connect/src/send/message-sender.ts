import {
  ATTACHMENTS_FORMAT,
  type DeliveryRouter,
  type EventPublisher,
  GROUP_MESSAGE_FORMAT,
  type Located,
  liveChatText,
  type RoutedDelivery,
} from '@chasqui/core';
import {
  type Clock,
  CONVERSATION_TOPIC,
  contentDigests,
  type EncodedMessage,
  encodeMessage,
  type HybridClock,
  ImError,
  type Limits,
  type Message,
  type MessageContent,
  type MessageEvent,
} from '@chasqui/domain';
import { Batcher, type Logger, type Span, type Tracing } from '@chasqui/kit';
import type { DedupHints } from '@chasqui/ports';
import { type ClientFrameOf, encodeServerFrame } from '@chasqui/protocol';
import { type Admission, overloaded } from '../admission/admission.ts';
import type { ConnectMetrics } from '../connect-metrics.ts';
import type { Session } from '../sessions/session.ts';
import { type Accepted, forwardedAs, pushesOf, type Undecided } from './accepted-message.ts';
import { checkRate, checkSize } from './checks.ts';
import { type ConversationKinds, type Decided, kindOf } from './conversation-kind.ts';
import { meetFirstCopies } from './first-copies.ts';
import type { LateContent } from './late-content.ts';
import { deliveriesOf, expectedReaders } from './live-deliveries.ts';

/** How many dedup hints are claimed in one call. */
const CLAIM_BATCH = 500;

/** A message, and the text that goes both ways. */
interface Sent {
  accepted: Accepted;
  encoded: EncodedMessage;
}

export interface MessageSenderOptions {
  nodeId: string;
  clock: Clock;
  limits: Limits;
  ids: HybridClock;
  kinds: ConversationKinds;
  late: Pick<LateContent, 'before' | 'missing'>;
  publisher: EventPublisher;
  admission: Pick<Admission, 'message' | 'conversation'>;
  router: Pick<DeliveryRouter, 'locate' | 'route'>;
  dedup: DedupHints;
  metrics: ConnectMetrics;
  logger: Logger;
  /** Undefined: tracing is off. */
  tracing?: Tracing | undefined;
}

/**
 * Sends messages to conversations of every kind (design, section 3). After the dedup hint is claimed, the durable way
 * (queue, then `send_ack`) starts, and the live way (push to the receivers' devices and the sender's others) beside it
 * or later, as the decision says.
 */
export class MessageSender {
  readonly #options: MessageSenderOptions;
  /** Only one claim call is in flight, which keeps the order in which messages were accepted. */
  readonly #claims: Batcher<Accepted, undefined>;
  /** Messages whose kind must read something first. Messages of other conversations do not wait for them. */
  readonly #deciding = new Set<Promise<void>>();
  /** By conversation and sender: the last message that is being decided. Later ones are decided after it (C5). */
  readonly #turns = new Map<string, Promise<void>>();
  /** The same for messages that wait for a store when they are claimed. */
  readonly #held = new Map<string, Promise<void>>();

  constructor(options: MessageSenderOptions) {
    this.#options = options;
    this.#claims = new Batcher({
      maxItems: CLAIM_BATCH,
      maxWaiting: options.limits.maxInFlightPerNode,
      full: () => overloaded(),
      run: (batch) => this.#claimAndDispatch(batch),
    });
  }

  /**
   * Accepts a message, or refuses it before anything of it is recorded or pushed, so that its sender may repeat it as
   * if it had never been sent. The acks are sent later. Errors: `overloaded`, `unknown_kind`, `content_too_large`,
   * `predecessor_missing`, `too_fast`, `invalid_frame`, and those of the kind's `resolve`.
   */
  send(session: Session, frame: ClientFrameOf<'chat'>): void {
    const { clock, limits, ids, kinds, admission, metrics, tracing } = this.#options;
    admission.message(session.userId, this.#claims.waiting + this.#deciding.size);
    const { name, kind } = kindOf(kinds, frame);
    const resolution = kind.resolve(session, frame);
    const { conversationId, addressee } = resolution;
    admission.conversation(session.userId, conversationId);
    const { clientMessageId, mentions, replyTo, forwardOf } = frame;
    const content = contentOf(frame);
    const contentText = JSON.stringify(content);
    checkSize(contentText, limits.maxContentBytes);
    session.order.check(conversationId, frame.follows);
    checkRate(session, clock, limits);
    const message: Message = {
      messageId: ids.next(frame.after),
      conversationId,
      from: session.userId,
      fromDevice: session.deviceId,
      clientMessageId,
      kind: name,
      content,
      sentAt: clock.now(),
      audience: [],
    };
    if (mentions !== undefined) message.mentions = mentions;
    if (replyTo !== undefined) message.replyTo = replyTo;
    const accepted: Undecided = {
      session,
      message,
      contentText,
      digests: contentDigests({ to: addressee, kind: name, content, mentions, replyTo, forwardOf }, contentText),
      forward: forwardOf === undefined ? undefined : { ownId: message.messageId },
      after: frame.after,
      follows: frame.follows !== undefined,
      generation: session.order.accept(conversationId, clientMessageId),
      acceptedAt: clock.monotonic(),
      span: tracing === undefined ? null : begin(tracing, message, frame),
    };
    session.inFlight++;
    metrics.accepted();
    const decide = this.#options.late.before(accepted, forwardOf, () => resolution.decide());
    const before = this.#turns.size === 0 ? undefined : this.#turns.get(turnOf(message));
    const decided = before === undefined ? decide() : before.then(decide);
    if (!(decided instanceof Promise)) {
      this.#decided(accepted, decided);
      return;
    }
    const turn = turnOf(message);
    const deciding = decided.then((made) => {
      this.#deciding.delete(deciding);
      if (this.#turns.get(turn) === deciding) this.#turns.delete(turn);
      this.#decided(accepted, made);
    });
    this.#deciding.add(deciding);
    this.#turns.set(turn, deciding);
  }

  /** Resolves when all accepted messages are with the publisher or refused. */
  async idle(): Promise<void> {
    do {
      await Promise.all(this.#deciding);
      await this.#claims.idle();
    } while (this.#deciding.size > 0);
  }

  #decided(accepted: Undecided, decided: Decided): void {
    if (decided instanceof ImError) this.#fail(accepted, decided);
    else this.#claim(Object.assign(accepted, { decision: decided }));
  }

  #claim(accepted: Accepted): void {
    this.#claims.add(accepted).catch((error) => this.#fail(accepted, ImError.from(error)));
  }

  async #claimAndDispatch(batch: Accepted[]): Promise<undefined[]> {
    // Together with the claims: one round trip for both.
    const located = this.#options.router.locate(expectedReaders(batch));
    const refusals = await meetFirstCopies(batch, this.#options);
    const live: Accepted[] = [];
    for (const [index, accepted] of batch.entries()) {
      const refusal = refusals[index];
      const isLate = refusal === undefined && accepted.forward?.missing !== undefined;
      if (isLate || this.#held.has(turnOf(accepted.message))) this.#hold(accepted, refusal);
      else if (this.#stands(accepted, refusal)) live.push(accepted);
    }
    this.#dispatch(live, located);
    return batch.map(() => undefined);
  }

  /** Asks a store whether the message can be sent. Messages of others do not wait for that. */
  #hold(accepted: Accepted, refusal: ImError | undefined): void {
    const turn = turnOf(accepted.message);
    const held = (this.#held.get(turn) ?? Promise.resolve()).then(async () => {
      const why = refusal ?? (await this.#options.late.missing(accepted));
      if (this.#held.get(turn) === held) this.#held.delete(turn);
      this.#deciding.delete(held);
      if (this.#stands(accepted, why)) this.#dispatch([accepted]);
    });
    this.#held.set(turn, held);
    this.#deciding.add(held);
  }

  #stands(accepted: Accepted, refusal = this.#isOvertaking(accepted) ? overtaking() : undefined): boolean {
    if (refusal !== undefined) this.#fail(accepted, refusal);
    return refusal === undefined;
  }

  #isOvertaking({ session, message, follows, generation }: Accepted): boolean {
    return follows && session.isBrokenSince(message.conversationId, generation);
  }

  /** Starts the durable way of all, and the live way of those that need not be queued first. */
  #dispatch(batch: readonly Accepted[], located?: Located): void {
    const now = this.#options.clock.now();
    const atOnce: Sent[] = [];
    for (const accepted of batch) {
      const encoded = encodeMessage(accepted.message, accepted.contentText);
      const queued = this.#queue(accepted, encoded, now);
      const pushes = pushesOf(accepted);
      if (pushes === 'at_once') atOnce.push({ accepted, encoded });
      else if (pushes === 'once_queued')
        void queued.then((isQueued) => (isQueued ? this.#pushLive([{ accepted, encoded }]) : undefined));
    }
    if (atOnce.length > 0) this.#pushLive(atOnce, located);
  }

  /** The durable way. Resolves to whether the bus holds the message. */
  async #queue(accepted: Accepted, encoded: EncodedMessage, now: number): Promise<boolean> {
    const { publisher, nodeId, metrics, clock, tracing } = this.#options;
    const { session, message, digests, after, span } = accepted;
    const event: MessageEvent = { type: 'message', encoded, digests, nodeId, sessionId: session.sessionId };
    if (message.content.attachments !== undefined) event.v = ATTACHMENTS_FORMAT;
    else if (message.kind === 'group') event.v = GROUP_MESSAGE_FORMAT;
    if (pushesOf(accepted) === 'once_stored') event.unpushed = true;
    if (after !== undefined) event.after = after;
    if (now > message.sentAt) event.dispatchMs = now - message.sentAt;
    const publish = span === null ? null : tracing?.begin('publish', 'producer', { parent: span.traceparent });
    if (publish != null) event.trace = publish.traceparent;
    try {
      await publisher.publish(CONVERSATION_TOPIC, message.conversationId, event, accepted.acceptedAt);
    } catch (error) {
      publish?.end(error);
      this.#fail(accepted, ImError.from(error, 'bus_unavailable'));
      if (pushesOf(accepted) === 'at_once') this.#retract(accepted);
      return false;
    }
    session.inFlight--;
    metrics.queued((clock.monotonic() - accepted.acceptedAt) / 1000);
    const { clientMessageId, messageId, conversationId } = message;
    session.send({ type: 'send_ack', clientMessageId, messageId, conversationId, ...forwardedAs(accepted) });
    publish?.end();
    span?.end();
    return true;
  }

  /** The live way. Whom it does not reach, Business handles as offline when it has stored the message (C9). */
  #pushLive(batch: readonly Sent[], located?: Located): void {
    const deliveries: RoutedDelivery[] = [];
    for (const { accepted, encoded } of batch) {
      const { messageId, conversationId } = accepted.message;
      deliveries.push(...deliveriesOf(accepted, liveChatText(encoded), { messageId, conversationId }));
    }
    void this.#options.router.route(deliveries, located);
  }

  /**
   * The queue did not answer, so nobody may keep a message that may not exist. If it was stored after all, the inbox
   * brings it.
   */
  #retract(accepted: Accepted): void {
    const { messageId, conversationId } = accepted.message;
    const frame = encodeServerFrame({ type: 'retract', messageId, conversationId });
    void this.#options.router.route(deliveriesOf(accepted, frame));
  }

  #fail({ session, message, span }: Undecided, error: ImError): void {
    span?.end(error);
    session.inFlight--;
    session.order.fail(message.conversationId);
    this.#options.metrics.failed(error.code);
    session.sendError(error, message.clientMessageId);
  }
}

/** What the message says, as its frame has it; empty for a forward until it is read. Errors: `invalid_frame`. */
function contentOf({ content, forwardOf }: ClientFrameOf<'chat'>): MessageContent {
  if ((content === undefined) !== (forwardOf === undefined)) return content ?? {};
  const field = content === undefined ? 'content' : 'forwardOf';
  throw new ImError('invalid_frame', 'either content or forwardOf must be given', { field });
}

function turnOf({ conversationId, from }: Message): string {
  return `${conversationId} ${from}`;
}

function begin(tracing: Tracing, { messageId }: Message, { traceparent }: ClientFrameOf<'chat'>): Span | null {
  const attributes = { 'chasqui.message_id': messageId };
  return tracing.begin('accept', 'server', { parent: traceparent, attributes }) ?? null;
}

function overtaking(): ImError {
  return new ImError('predecessor_missing', 'an earlier message failed: resend, starting with that one');
}
