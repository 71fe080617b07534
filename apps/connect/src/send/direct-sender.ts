import {
  type BlockedBy,
  type BlockList,
  type DeliveryRouter,
  type EventPublisher,
  liveChatFrame,
  type RoutedDelivery,
} from '@chasqui/core';
import {
  type BlockedSenderPolicy,
  type Clock,
  CONVERSATION_TOPIC,
  type HybridClock,
  ImError,
  type Limits,
  type Message,
  type MessageEvent,
  type MessageId,
} from '@chasqui/domain';
import { Batcher, type Logger, type Span, type Tracing } from '@chasqui/kit';
import type { DedupHints } from '@chasqui/ports';
import { type ClientFrameOf, encodeServerFrame } from '@chasqui/protocol';
import { type Admission, overloaded } from '../admission/admission.ts';
import type { ConnectMetrics } from '../connect-metrics.ts';
import type { OfflineReporter } from '../deliver/offline-reporter.ts';
import type { Session } from '../sessions/session.ts';
import { meetFirstCopies } from './first-copies.ts';
import type { MessageSender } from './message-senders.ts';
import { SendChecks } from './send-checks.ts';

/** Messages whose dedup hints are claimed in one call. */
const CLAIM_BATCH = 500;

interface Accepted {
  session: Session;
  message: Message;
  after: MessageId | undefined;
  follows: boolean;
  generation: number;
  acceptedAt: number;
  /** Who of sender (`asker`) and receiver (`other`) takes nothing of the other, as far as that is known (C11). */
  blockedBy: BlockedBy;
  /** Null where it is not traced. */
  span: Span | null;
}

export interface DirectSenderOptions {
  nodeId: string;
  clock: Clock;
  limits: Limits;
  ids: HybridClock;
  publisher: EventPublisher;
  admission: Admission;
  router: DeliveryRouter;
  dedup: DedupHints;
  blocks: BlockList;
  blockedSenders: BlockedSenderPolicy;
  offline: OfflineReporter;
  metrics: ConnectMetrics;
  logger: Logger;
  /** Undefined: off. */
  tracing?: Tracing | undefined;
}

/**
 * One-to-one messages (design, section 3). After the dedup hint is claimed, the durable way (queue, then `send_ack`) and
 * the live way (push to the receiver's devices and the sender's others) start at once; neither waits for the other.
 */
export class DirectSender implements MessageSender {
  readonly #options: DirectSenderOptions;
  readonly #checks: SendChecks;
  /** One claim call in flight keeps the order in which messages were accepted. */
  readonly #claims: Batcher<Accepted, undefined>;
  /** Messages whose two users' blocks are being read; those of others do not wait for them. */
  readonly #asking = new Set<Promise<void>>();

  constructor(options: DirectSenderOptions) {
    this.#options = options;
    this.#checks = new SendChecks(options);
    this.#claims = new Batcher({
      maxItems: CLAIM_BATCH,
      maxWaiting: options.limits.maxInFlightPerNode,
      full: () => overloaded(),
      run: (batch) => this.#claimAndDispatch(batch),
    });
  }

  send(session: Session, frame: ClientFrameOf<'chat'>): void {
    const message = this.#checks.take(session, frame, this.#claims.waiting + this.#asking.size);
    const generation = session.order.accept(message.conversationId, frame.clientMessageId);
    session.inFlight++;
    this.#options.metrics.accepted();
    const accepted: Accepted = {
      session,
      message,
      after: frame.after,
      follows: frame.follows !== undefined,
      generation,
      acceptedAt: this.#options.clock.monotonic(),
      blockedBy: 'nobody',
      span: this.#options.tracing === undefined ? null : this.#trace(message, frame),
    };
    const blocked = this.#options.blocks.between(message.from, message.to);
    if (typeof blocked === 'string') {
      this.#claim(accepted, blocked);
      return;
    }
    // The block list answers in the order in which it was asked: messages of a conversation stay in theirs.
    const asking = blocked.then((answer) => {
      this.#asking.delete(asking);
      this.#claim(accepted, answer);
    });
    this.#asking.add(asking);
  }

  async idle(): Promise<void> {
    while (this.#asking.size > 0) await Promise.all(this.#asking);
    await this.#claims.idle();
  }

  #claim(accepted: Accepted, blockedBy: BlockedBy): void {
    accepted.blockedBy = blockedBy;
    this.#claims.add(accepted).catch((error) => this.#fail(accepted, ImError.from(error)));
  }

  #trace({ messageId }: Message, { traceparent }: ClientFrameOf<'chat'>): Span | null {
    const attributes = { 'chasqui.message_id': messageId };
    return this.#options.tracing?.begin('accept', 'server', { parent: traceparent, attributes }) ?? null;
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

  /** Both ways at once. */
  #dispatch(batch: readonly Accepted[]): void {
    const now = this.#options.clock.now();
    const queued = batch.map((accepted) => this.#queue(accepted, now));
    this.#reportUnreached(batch, queued).catch((error) =>
      this.#options.logger.error({ err: error }, 'messages that reached no device could not be reported'),
    );
  }

  async #reportUnreached(batch: readonly Accepted[], queued: readonly Promise<boolean>[]): Promise<void> {
    const reached = await this.#pushLive(batch);
    const reports = batch.flatMap(({ message, span }, index) => {
      if (reached[index] !== 0 || message.silenced) return [];
      const { to: userId, messageId, conversationId } = message;
      const unreached = { userId, messageId, conversationId, trace: span?.traceparent };
      // The offline event goes out behind its message, and only if that was queued.
      return [queued[index]?.then((done) => (done ? this.#options.offline.report([unreached]) : undefined))];
    });
    await Promise.all(reports);
  }

  /** The durable way. Resolves to whether the bus has the message. */
  async #queue(accepted: Accepted, now: number): Promise<boolean> {
    const { publisher, nodeId, metrics, clock, tracing } = this.#options;
    const { session, message, after, span } = accepted;
    const event: MessageEvent = { type: 'message', message, nodeId, sessionId: session.sessionId };
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

  /** The live way. For each message: how many of the receiver's sessions took it. */
  async #pushLive(batch: readonly Accepted[]): Promise<number[]> {
    const deliveries: RoutedDelivery[] = [];
    const places: number[] = [];
    for (const { session, message, span } of batch) {
      const { from, to, messageId, conversationId } = message;
      const frame = this.#liveFrame(message);
      const traceparent = span?.traceparent;
      places.push(message.silenced || frame === null ? -1 : deliveries.length);
      if (frame === null) continue;
      if (!message.silenced) {
        deliveries.push({ userId: to, frame, watch: { messageId, conversationId }, traceparent });
      }
      deliveries.push({ userId: from, frame, exceptSession: session.sessionId, traceparent });
    }
    const reached = await this.#options.router.route(deliveries);
    return places.map((place) => reached[place] ?? 0);
  }

  /** Null: it cannot be written down. Its own delivery is lost, and none of its neighbours'. */
  #liveFrame(message: Message): string | null {
    try {
      return encodeServerFrame(liveChatFrame(message));
    } catch (error) {
      this.#options.logger.error({ err: error, messageId: message.messageId }, 'a message cannot be pushed live');
      return null;
    }
  }

  /** The queue did not answer: nobody may keep what may not exist. If it was stored after all, the inbox brings it. */
  #retract({ session, message }: Accepted): void {
    const { from, to, messageId, conversationId } = message;
    const frame = encodeServerFrame({ type: 'retract', messageId, conversationId });
    const pushed: RoutedDelivery[] = [{ userId: from, frame, exceptSession: session.sessionId }];
    if (!message.silenced) pushed.push({ userId: to, frame });
    void this.#options.router.route(pushed);
  }

  #fail({ session, message, span }: Accepted, error: ImError): void {
    span?.end(error);
    session.inFlight--;
    session.order.fail(message.conversationId);
    this.#options.metrics.failed(error.code);
    session.sendError(error, message.clientMessageId);
  }
}

function overtaking(): ImError {
  return new ImError('predecessor_missing', 'an earlier message failed: resend, starting with that one');
}
