import type { Clock } from '@chasqui/domain';
import {
  type BlockedSenderPolicy,
  CONVERSATION_TOPIC,
  contentDigest,
  conversationOf,
  type HybridClock,
  ImError,
  type Limits,
  type Message,
  type MessageEvent,
} from '@chasqui/domain';
import {
  type BlockList,
  type DeliveryRouter,
  type EventPublisher,
  liveChatFrame,
  type RoutedDelivery,
} from '@chasqui/journey';
import { Batcher, type Logger, type Span, type Tracing } from '@chasqui/kit';
import type { DedupClaim, DedupHints } from '@chasqui/ports';
import { type ClientFrameOf, encodeServerFrame } from '@chasqui/protocol';
import { admit, overloaded } from '../admission.ts';
import { claimDigest, fateOf } from '../blocked-senders.ts';
import type { ConnectMetrics } from '../connect-metrics.ts';
import type { OfflineReporter } from '../offline-reporter.ts';
import type { Session } from '../session.ts';
import { TokenBucket } from '../token-bucket.ts';
import { TurnDelay } from '../turn-delay.ts';
import type { SendStrategy } from './index.ts';

/** Messages whose dedup hints are claimed in one call. */
const CLAIM_BATCH = 500;
/** With fewer under way to the bus, a node that is late has a busy neighbour, and not too many messages. */
const FEW_EVENTS = 100;

interface Accepted {
  session: Session;
  message: Message;
  follows: boolean;
  generation: number;
  acceptedAt: number;
  /** Whether the receiver takes none of the sender, as far as that is known (C11). */
  blocked: boolean;
  /** Null where it is not traced. */
  span: Span | null;
}

export interface C2CMessageSendStrategyOptions {
  nodeId: string;
  clock: Clock;
  limits: Limits;
  ids: HybridClock;
  publisher: EventPublisher;
  router: DeliveryRouter;
  dedup: DedupHints;
  blocks: BlockList;
  blockedSenders: BlockedSenderPolicy;
  offline: OfflineReporter;
  metrics: ConnectMetrics;
  logger: Logger;
  /** Undefined: off. */
  tracing: Tracing | undefined;
}

/**
 * One-to-one messages (design, section 3). After the dedup hint is claimed, the durable way (queue, then `send_ack`) and
 * the live way (push to the receiver's devices and the sender's others) start at once; neither waits for the other.
 */
export class C2CMessageSendStrategy implements SendStrategy {
  readonly #options: C2CMessageSendStrategyOptions;
  /** One claim call in flight keeps the order in which messages were accepted. */
  readonly #claims: Batcher<Accepted, undefined>;
  /** Messages whose receivers' blocks are being read; those of others do not wait for them. */
  readonly #asking = new Set<Promise<void>>();
  readonly #turns: TurnDelay;

  constructor(options: C2CMessageSendStrategyOptions) {
    this.#options = options;
    this.#turns = new TurnDelay(options.clock);
    this.#claims = new Batcher({
      maxItems: CLAIM_BATCH,
      maxWaiting: options.limits.maxInFlightPerNode,
      full: () => overloaded(),
      run: (batch) => this.#claimAndDispatch(batch),
    });
  }

  send(session: Session, frame: ClientFrameOf<'chat'>): void {
    const message = this.#check(session, frame);
    const generation = session.order.accept(message.conversationId, frame.clientMessageId);
    session.inFlight++;
    this.#options.metrics.accepted();
    const accepted: Accepted = {
      session,
      message,
      follows: frame.follows !== undefined,
      generation,
      acceptedAt: this.#options.clock.monotonic(),
      blocked: false,
      span: this.#options.tracing === undefined ? null : this.#trace(message, frame),
    };
    const blocked = this.#options.blocks.has(message.to, message.from);
    if (typeof blocked === 'boolean') {
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

  #claim(accepted: Accepted, blocked: boolean): void {
    accepted.blocked = blocked;
    this.#claims.add(accepted).catch((error) => this.#fail(accepted, ImError.from(error)));
  }

  #trace({ messageId }: Message, { traceparent }: ClientFrameOf<'chat'>): Span | null {
    const attributes = { 'chasqui.message_id': messageId };
    return this.#options.tracing?.begin('accept', 'server', { parent: traceparent, attributes }) ?? null;
  }

  /** Every refusal happens here, before anything is pushed. */
  #check(session: Session, frame: ClientFrameOf<'chat'>): Message {
    const { clock, limits, ids } = this.#options;
    this.#admit();
    const conversationId = conversationOf(session.userId, frame.to);
    checkContent(frame.content, limits.maxContentBytes);
    session.order.check(conversationId, frame.follows);
    session.messageBucket ??= new TokenBucket(limits.messagesPerSecond, limits.messageBurst, clock.monotonic());
    const waitMs = session.messageBucket.take(clock.monotonic());
    if (waitMs > 0) throw new ImError('too_fast', 'too many messages a second', { retryAfterMs: waitMs });
    if (session.inFlight >= limits.maxInFlightPerSession) {
      throw new ImError('too_fast', 'too many messages wait for their send_ack', { retryAfterMs: 100 });
    }
    return {
      messageId: ids.next(frame.after),
      conversationId,
      from: session.userId,
      fromDevice: session.deviceId,
      to: frame.to,
      clientMessageId: frame.clientMessageId,
      kind: 'c2c',
      content: frame.content,
      sentAt: clock.now(),
    };
  }

  /** Work that could not be done in time is refused while it is cheap: a node that took it would do nothing in time. */
  #admit(): void {
    const { limits, publisher } = this.#options;
    admit(this.#options, this.#claims.waiting + this.#asking.size);
    this.#turns.seen();
    const late = this.#turns.ms > limits.maxTurnDelayMs && publisher.waiting >= FEW_EVENTS;
    if (late || publisher.delayMs > limits.maxQueueDelayMs) throw overloaded();
  }

  async #claimAndDispatch(batch: Accepted[]): Promise<undefined[]> {
    const { dedup, limits, logger, blockedSenders } = this.#options;
    const digests = batch.map(({ message }) => contentDigest(message));
    const claims = batch.map(({ message, blocked }, index) =>
      claimOf(message, claimDigest(digests[index] as string, blocked, blockedSenders)),
    );
    const kept = await dedup.claim(claims, limits.dedupWindowMs).catch((error) => {
      logger.debug({ err: error }, 'dedup hints are away: storing finds duplicates out');
      return claims;
    });
    const live: Accepted[] = [];
    for (const [index, accepted] of batch.entries()) {
      const first = kept[index] ?? (claims[index] as DedupClaim);
      const fate = fateOf(digests[index] as string, first.digest);
      if (fate === 'refused') {
        this.#fail(accepted, refused());
      } else if (fate === 'reused') {
        this.#fail(accepted, reused(first.messageId));
      } else if (this.#isOvertaking(accepted)) {
        this.#fail(accepted, new ImError('predecessor_missing', 'a message before this one failed: resend from there'));
      } else {
        // A resend goes on under the id that its first copy got.
        accepted.message.messageId = first.messageId;
        if (fate === 'silenced') accepted.message.silenced = true;
        live.push(accepted);
      }
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
    void this.#pushLive(batch).then((reached) => {
      for (const [index, { message, span }] of batch.entries()) {
        if (reached[index] !== 0 || message.silenced) continue;
        const { to, messageId, conversationId } = message;
        // The offline event goes out behind its message, and only if that was queued.
        void queued[index]?.then((done) => {
          if (!done) return;
          void this.#options.offline.report([{ userId: to, messageId, conversationId, trace: span?.traceparent }]);
        });
      }
    });
  }

  /** The durable way. Resolves to whether the bus has the message. */
  async #queue(accepted: Accepted, now: number): Promise<boolean> {
    const { publisher, nodeId, metrics, clock, tracing } = this.#options;
    const { session, message, span } = accepted;
    const event: MessageEvent = { type: 'message', message, nodeId, sessionId: session.sessionId };
    if (now > message.sentAt) event.dispatchMs = now - message.sentAt;
    const publish = span === null ? null : tracing?.begin('publish', 'producer', { parent: span.traceparent });
    if (publish != null) event.trace = publish.traceparent;
    try {
      await publisher.publish(CONVERSATION_TOPIC, message.conversationId, event);
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
      const frame = encodeServerFrame(liveChatFrame(message));
      const traceparent = span?.traceparent;
      places.push(message.silenced ? -1 : deliveries.length);
      if (!message.silenced) {
        deliveries.push({ userId: to, frame, watch: { messageId, conversationId }, traceparent });
      }
      deliveries.push({ userId: from, frame, exceptSession: session.sessionId, traceparent });
    }
    const reached = await this.#options.router.route(deliveries);
    return places.map((place) => reached[place] ?? 0);
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

/** A resend of what was accepted before the block goes on: what may be stored must not be refused (C3). */
function claimOf({ from, clientMessageId, conversationId, messageId }: Message, digest: string): DedupClaim {
  return { from, clientMessageId, conversationId, messageId, digest };
}

function refused(): ImError {
  return new ImError('blocked', 'the receiver takes no messages of yours', { field: 'to' });
}

/** Errors: `content_too_large`. Characters are counted first: only what could be too large is measured in bytes. */
function checkContent(content: object, maxBytes: number): void {
  const json = JSON.stringify(content);
  if (json.length * 3 <= maxBytes || new TextEncoder().encode(json).length <= maxBytes) return;
  throw new ImError('content_too_large', `content has more than ${maxBytes} bytes`, { field: 'content' });
}

function reused(messageId: string): ImError {
  return new ImError(
    'client_message_id_reused',
    'this clientMessageId was used for a message with another content or receiver',
    { field: 'clientMessageId', messageId },
  );
}
