import { type DeliveryRouter, type EventPublisher, liveChatText, type RoutedDelivery } from '@chasqui/core';
import {
  type Clock,
  CONVERSATION_TOPIC,
  type ContentDigests,
  contentDigests,
  type EncodedMessage,
  encodeMessage,
  type HybridClock,
  ImError,
  type Limits,
  type Message,
  type MessageEvent,
  type MessageId,
  type MessageKind,
  ownersOf,
} from '@chasqui/domain';
import { Batcher, type Logger, type Span, type Tracing } from '@chasqui/kit';
import type { DedupHints } from '@chasqui/ports';
import { type ClientFrameOf, encodeServerFrame } from '@chasqui/protocol';
import { type Admission, overloaded } from '../admission/admission.ts';
import { TokenBucket } from '../admission/token-bucket.ts';
import type { ConnectMetrics } from '../connect-metrics.ts';
import type { OfflineReporter } from '../deliver/offline-reporter.ts';
import type { Session } from '../sessions/session.ts';
import { type ConversationKinds, type Decision, kindOf } from './conversation-kind.ts';
import { meetFirstCopies } from './first-copies.ts';

/** How many dedup hints are claimed in one call. */
const CLAIM_BATCH = 500;

interface Accepted {
  session: Session;
  /** Until its dedup hint is claimed, the audience is empty and the id may still change to that of an earlier copy. */
  message: Message;
  /** The JSON of the content, made once. Its size, its digests and the message's text follow from it. */
  contentText: string;
  digests: ContentDigests;
  decision: Decision;
  after: MessageId | undefined;
  follows: boolean;
  generation: number;
  acceptedAt: number;
  /** Null if the message is not traced. */
  span: Span | null;
}

export interface MessageSenderOptions {
  nodeId: string;
  clock: Clock;
  limits: Limits;
  ids: HybridClock;
  kinds: ConversationKinds;
  publisher: EventPublisher;
  admission: Pick<Admission, 'message'>;
  router: Pick<DeliveryRouter, 'route'>;
  dedup: DedupHints;
  offline: Pick<OfflineReporter, 'report'>;
  metrics: ConnectMetrics;
  logger: Logger;
  /** Undefined: tracing is off. */
  tracing?: Tracing | undefined;
}

/**
 * Sends messages to conversations of every kind (design, section 3). After the dedup hint is claimed, the durable way
 * (queue, then `send_ack`) and the live way (push to the receivers' devices and the sender's others) start in parallel;
 * neither waits for the other.
 */
export class MessageSender {
  readonly #options: MessageSenderOptions;
  /** Only one claim call is in flight, which keeps the order in which messages were accepted. */
  readonly #claims: Batcher<Accepted, undefined>;
  /** Messages whose kind must read something first. Messages of other conversations do not wait for them. */
  readonly #deciding = new Set<Promise<void>>();

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
   * `predecessor_missing`, `too_fast`, and those of the kind's `resolve`.
   */
  send(session: Session, frame: ClientFrameOf<'chat'>): void {
    const { clock, limits, ids, kinds, admission, metrics, tracing } = this.#options;
    admission.message(session.userId, this.#claims.waiting + this.#deciding.size);
    const kind = frame.kind ?? 'c2c';
    const { conversationId, addressee, decide } = kindOf(kinds, kind).resolve(session, frame);
    const { clientMessageId, content } = frame;
    const contentText = JSON.stringify(content);
    checkSize(contentText, limits.maxContentBytes);
    session.order.check(conversationId, frame.follows);
    this.#checkRate(session);
    const message: Message = {
      messageId: ids.next(frame.after),
      conversationId,
      from: session.userId,
      fromDevice: session.deviceId,
      clientMessageId,
      kind: kind as MessageKind,
      content,
      sentAt: clock.now(),
      audience: [],
    };
    const accepted: Omit<Accepted, 'decision'> = {
      session,
      message,
      contentText,
      digests: contentDigests({ to: addressee, kind: message.kind, content }, contentText),
      after: frame.after,
      follows: frame.follows !== undefined,
      generation: session.order.accept(conversationId, clientMessageId),
      acceptedAt: clock.monotonic(),
      span: tracing === undefined ? null : begin(tracing, message, frame),
    };
    session.inFlight++;
    metrics.accepted();
    const decision = decide();
    if (!(decision instanceof Promise)) {
      this.#claim(Object.assign(accepted, { decision }));
      return;
    }
    const deciding = decision.then((made) => {
      this.#deciding.delete(deciding);
      this.#claim(Object.assign(accepted, { decision: made }));
    });
    this.#deciding.add(deciding);
  }

  /** Resolves when all accepted messages are with the publisher or refused. */
  async idle(): Promise<void> {
    while (this.#deciding.size > 0) await Promise.all(this.#deciding);
    await this.#claims.idle();
  }

  #checkRate(session: Session): void {
    const { clock, limits } = this.#options;
    session.messageBucket ??= new TokenBucket(limits.messagesPerSecond, limits.messageBurst, clock.monotonic());
    const waitMs = session.messageBucket.take(clock.monotonic());
    if (waitMs > 0) throw new ImError('too_fast', 'too many messages a second', { retryAfterMs: waitMs });
    if (session.inFlight >= limits.maxInFlightPerSession) {
      throw new ImError('too_fast', 'too many messages without send_ack', { retryAfterMs: 100 });
    }
  }

  #claim(accepted: Accepted): void {
    this.#claims.add(accepted).catch((error) => this.#fail(accepted, ImError.from(error)));
  }

  async #claimAndDispatch(batch: Accepted[]): Promise<undefined[]> {
    const refusals = await meetFirstCopies(batch, this.#options);
    const live: Accepted[] = [];
    for (const [index, accepted] of batch.entries()) {
      const refusal = refusals[index];
      if (refusal !== undefined) this.#fail(accepted, refusal);
      else if (this.#isOvertaking(accepted)) this.#fail(accepted, overtaking());
      else live.push(accepted);
    }
    this.#dispatch(live);
    return batch.map(() => undefined);
  }

  #isOvertaking({ session, message, follows, generation }: Accepted): boolean {
    return follows && session.isBrokenSince(message.conversationId, generation);
  }

  /** Starts both ways at once, with one text for each message. */
  #dispatch(batch: readonly Accepted[]): void {
    const now = this.#options.clock.now();
    const encoded = batch.map(({ message, contentText }) => encodeMessage(message, contentText));
    const queued = batch.map((accepted, index) => this.#queue(accepted, encoded[index] as EncodedMessage, now));
    this.#pushLive(batch, encoded, queued).catch((error) =>
      this.#options.logger.error({ err: error }, 'messages that reached no device could not be reported'),
    );
  }

  /** The durable way. Resolves to whether the bus holds the message. */
  async #queue(accepted: Accepted, encoded: EncodedMessage, now: number): Promise<boolean> {
    const { publisher, nodeId, metrics, clock, tracing } = this.#options;
    const { session, message, digests, after, span } = accepted;
    const event: MessageEvent = { type: 'message', encoded, digests, nodeId, sessionId: session.sessionId };
    if (after !== undefined) event.after = after;
    if (now > message.sentAt) event.dispatchMs = now - message.sentAt;
    const publish = span === null ? null : tracing?.begin('publish', 'producer', { parent: span.traceparent });
    if (publish != null) event.trace = publish.traceparent;
    try {
      await publisher.publish(CONVERSATION_TOPIC, message.conversationId, event, accepted.acceptedAt);
    } catch (error) {
      publish?.end(error);
      this.#fail(accepted, ImError.from(error, 'bus_unavailable'));
      this.#retract(accepted);
      return false;
    }
    session.inFlight--;
    metrics.queued((clock.monotonic() - accepted.acceptedAt) / 1000);
    session.send({
      type: 'send_ack',
      clientMessageId: message.clientMessageId,
      messageId: message.messageId,
      conversationId: message.conversationId,
    });
    publish?.end();
    span?.end();
    return true;
  }

  /** The live way. Receivers who were not reached are reported behind the message, and only if it was queued. */
  async #pushLive(
    batch: readonly Accepted[],
    encoded: readonly EncodedMessage[],
    queued: readonly Promise<boolean>[],
  ): Promise<void> {
    const deliveries: RoutedDelivery[] = [];
    /** For each delivery: whether its message was queued. */
    const outcomes: (Promise<boolean> | undefined)[] = [];
    for (const [index, accepted] of batch.entries()) {
      const { messageId, conversationId } = accepted.message;
      const watch = { messageId, conversationId };
      for (const delivery of deliveriesOf(accepted, liveChatText(encoded[index] as EncodedMessage), watch)) {
        deliveries.push(delivery);
        outcomes.push(queued[index]);
      }
    }
    const { router, offline } = this.#options;
    const reached = await router.route(deliveries);
    const reports: (Promise<void> | undefined)[] = [];
    for (const [index, { userId, watch, traceparent }] of deliveries.entries()) {
      if (watch === undefined || reached[index] !== 0) continue;
      const unreached = { userId, ...watch, trace: traceparent };
      reports.push(outcomes[index]?.then((isQueued) => (isQueued ? offline.report([unreached]) : undefined)));
    }
    await Promise.all(reports);
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

  #fail({ session, message, span }: Accepted, error: ImError): void {
    span?.end(error);
    session.inFlight--;
    session.order.fail(message.conversationId);
    this.#options.metrics.failed(error.code);
    session.sendError(error, message.clientMessageId);
  }
}

/**
 * Errors: `content_too_large`. The length in characters is checked first: only texts that could be too large are
 * measured in bytes.
 */
function checkSize(contentText: string, maxBytes: number): void {
  if (contentText.length * 3 <= maxBytes || Buffer.byteLength(contentText) <= maxBytes) return;
  throw new ImError('content_too_large', `content has more than ${maxBytes} bytes`, { field: 'content' });
}

function begin(tracing: Tracing, { messageId }: Message, { traceparent }: ClientFrameOf<'chat'>): Span | null {
  const attributes = { 'chasqui.message_id': messageId };
  return tracing.begin('accept', 'server', { parent: traceparent, attributes }) ?? null;
}

/**
 * Deliveries to everybody whose inbox gets the message: receivers, watched as given, and all other devices of its
 * sender.
 */
function deliveriesOf(
  { session, message, span }: Accepted,
  frame: string,
  watch?: RoutedDelivery['watch'],
): RoutedDelivery[] {
  const traceparent = span?.traceparent;
  return ownersOf(message.audience).map((userId) => {
    if (userId === message.from) return { userId, frame, exceptSession: session.sessionId, traceparent };
    return watch === undefined ? { userId, frame } : { userId, frame, watch, traceparent };
  });
}

function overtaking(): ImError {
  return new ImError('predecessor_missing', 'an earlier message failed: resend, starting with that one');
}
