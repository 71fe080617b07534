import { type Clock, ImError, type Random } from '@chasqui/domain';
import { backoffMs, type Logger, nextBeat, sleep, withDeadline } from '@chasqui/kit';
import type { BusDelivery } from '@chasqui/ports';
import type { ConsumeMessage } from 'amqplib';
import type { Link } from '../broker/link.ts';
import { deliveryOf, publishedAt } from '../delivery.ts';
import type { Slots } from './slots.ts';
import { PREFETCH, Subscription } from './subscription.ts';

export interface LaneOptions {
  link: Link;
  clock: Clock;
  random: Random;
  logger: Logger;
  topic: string;
  shard: number;
  queue: string;
  maxBatch: number;
  slots: Slots;
  callDeadlineMs: number;
  /** See `ConsumeOptions.handle`. */
  handle(batch: readonly BusDelivery[]): Promise<void>;
  /** Moves a message that can never be handled to the dead letters. Errors: it is not there. */
  bury(delivery: BusDelivery, error: ImError): Promise<void>;
}

/** What a member has of a shard and has not handled. */
export interface Held {
  shard: number;
  count: number;
  /** Unix ms of the oldest one's publish. */
  oldestAt: number;
}

const HANDLER_BACKOFF = { initialMs: 200, maxMs: 10_000 };
const ENGINE_BACKOFF = { initialMs: 100, maxMs: 2_000 };
/** Where subscribing ends the connection, which all shards share: a broker does so if the process of the queue is gone. */
const LOST_BACKOFF = { initialMs: 100, maxMs: 30_000 };
/** What the client says of a call that an end of the connection left without an answer. */
const ENDED = /^Channel ended/;
/** After so many failures in a row, another member gets the shard: it may be of a newer version, or see a store that we do not. */
const FAILURES_TO_PASS_ON = 8;
/**
 * From one publish to a shard to the next, and from one batch of a shard to the next, ms; what is alone waits for nothing.
 * At low rates a message costs as many calls of the broker and the stores as there are batches.
 */
export const PACE_MS = 25;
/** What was published at a beat has arrived by then, ms: a batch has that of all publishers. */
const ARRIVED_MS = 8;
/** So many messages do not wait for more. */
const ENOUGH = PREFETCH / 2;
/** A shard with work that gets no slot within this time is passed on, ms. */
const SLOT_WAIT_MS = 250;
/** How long a lane that stops still tries to bury, ms. */
const LAST_WORD_MS = 3_000;

type Outcome = { type: 'done' } | { type: 'failed' } | { type: 'never'; error: ImError };

/**
 * One member's work on one shard: it subscribes, waits until the broker gives it the shard, and handles the messages in
 * order. What fails stays here, and with it everything behind, until it is done or the shard is passed on.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #stopping = new AbortController();
  /** Rejects when the lane is to stop. */
  readonly #stopped = new Promise<never>((_, reject) => {
    this.#stopping.signal.addEventListener('abort', () => reject(this.#stopping.signal.reason));
  });
  readonly #loop: Promise<void>;
  #subscription: Subscription | undefined;
  #wake = Promise.withResolvers<void>();
  #isToPassOn = false;
  #handed = new WeakSet<ConsumeMessage>();
  /** This many of the oldest are handled one by one, as one of them can never be handled. */
  #singly = 0;
  #handledAt = Number.NEGATIVE_INFINITY;
  /** Monotonic ms before which a few messages wait for more. */
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#stopped.catch(() => {});
    this.#loop = this.#keepSubscribed();
  }

  /** Monotonic ms of the last batch. */
  get handledAt(): number {
    return this.#handledAt;
  }

  get held(): Held | undefined {
    const [oldest] = this.#subscription?.held ?? [];
    if (oldest === undefined) return undefined;
    const { shard } = this.#options;
    return { shard, count: this.#subscription?.held.length ?? 0, oldestAt: publishedAt(oldest) };
  }

  /** Gives the shard to whoever has waited longest for it, once the running handler is done. */
  passOn(): void {
    this.#isToPassOn = true;
    this.#wake.resolve();
  }

  /** Waits for the running handler, and returns what is left. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.resolve();
    await this.#loop;
  }

  async #keepSubscribed(): Promise<void> {
    const { link, clock, random, logger, queue, callDeadlineMs } = this.#options;
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; ) {
      let pauseMs = 0;
      try {
        const model = await link.connected(callDeadlineMs, signal);
        const opening = Subscription.open(model, queue, clock, () => this.#wake.resolve());
        const subscription = await withDeadline(clock, callDeadlineMs, Promise.race([opening, this.#stopped])).catch(
          (error: unknown) => {
            // One that opens late would keep the shard from everybody.
            opening.then((late) => late.close()).catch(() => {});
            throw error;
          },
        );
        this.#subscription = subscription;
        if (failures > 0) logger.info({ queue }, 'subscribed again');
        failures = 0;
        pauseMs = await this.#serve(subscription).finally(() => subscription.close());
        if (!link.isUp) pauseMs = backoffMs(0, ENGINE_BACKOFF, random);
      } catch (error) {
        if (signal.aborted) return;
        if (failures === 0) logger.warn({ err: error, queue }, 'cannot consume from the bus: retrying');
        const hasEnded = error instanceof Error && ENDED.test(error.message);
        pauseMs = backoffMs(failures++, hasEnded ? LOST_BACKOFF : ENGINE_BACKOFF, random);
      }
      this.#subscription = undefined;
      if (pauseMs > 0) await sleep(clock, pauseMs, signal).catch(() => {});
    }
  }

  /** Until the subscription ends or the shard is passed on. Returns the pause before subscribing anew, ms. */
  async #serve(subscription: Subscription): Promise<number> {
    const { clock, random, slots } = this.#options;
    const { signal } = this.#stopping;
    this.#handed = new WeakSet();
    this.#singly = 0;
    this.#isToPassOn = false;
    for (let failures = 0; subscription.isOpen && !signal.aborted && !this.#isToPassOn; ) {
      if (subscription.held.length === 0) {
        await this.#changed(subscription);
        continue;
      }
      const early = this.#notBefore - clock.monotonic();
      if (early > 0 && failures === 0 && subscription.held.length < ENOUGH) {
        await sleep(clock, early, signal).catch(() => {});
        continue;
      }
      if (!(await slots.take(SLOT_WAIT_MS))) return backoffMs(0, ENGINE_BACKOFF, random);
      const isDone = await this.#handleNext(subscription).finally(() => slots.give());
      if (isDone) {
        failures = 0;
        continue;
      }
      const waitMs = backoffMs(failures++, HANDLER_BACKOFF, random);
      if (failures >= FAILURES_TO_PASS_ON) return waitMs;
      await sleep(clock, waitMs, signal).catch(() => {});
    }
    return 0;
  }

  async #changed(subscription: Subscription): Promise<void> {
    this.#wake = Promise.withResolvers();
    const { signal } = this.#stopping;
    if (subscription.held.length === 0 && subscription.isOpen && !signal.aborted && !this.#isToPassOn) {
      await this.#wake.promise;
    }
  }

  /** False if it failed and is to be repeated. */
  async #handleNext(subscription: Subscription): Promise<boolean> {
    const { clock, topic, shard, maxBatch } = this.#options;
    const messages = subscription.held.slice(0, this.#singly > 0 ? 1 : maxBatch);
    const batch = messages.map((message) => deliveryOf(topic, shard, message, this.#handed.has(message)));
    for (const message of messages) this.#handed.add(message);
    this.#handledAt = clock.monotonic();
    this.#notBefore = nextBeat(clock, PACE_MS, ARRIVED_MS);
    const outcome = await this.#handled(batch);
    if (outcome.type === 'failed') return false;
    if (outcome.type === 'never' && messages.length > 1) {
      this.#singly = messages.length;
      return true;
    }
    const [culprit] = batch;
    if (
      outcome.type === 'never' &&
      culprit !== undefined &&
      !(await this.#buried(subscription, culprit, outcome.error))
    )
      return false;
    subscription.done(messages.length);
    this.#singly = Math.max(this.#singly - messages.length, 0);
    return true;
  }

  async #handled(batch: readonly BusDelivery[]): Promise<Outcome> {
    try {
      await this.#options.handle(batch);
      return { type: 'done' };
    } catch (error) {
      return error instanceof ImError && error.retry === 'never' ? { type: 'never', error } : { type: 'failed' };
    }
  }

  /** Retries until it succeeds; false if the subscription ended first. */
  async #buried(subscription: Subscription, culprit: BusDelivery, error: ImError): Promise<boolean> {
    const { clock, random, bury } = this.#options;
    const lastWord = clock.monotonic() + LAST_WORD_MS;
    for (let tries = 0; subscription.isOpen; tries++) {
      try {
        await bury(culprit, error);
        return true;
      } catch {
        if (this.#stopping.signal.aborted && clock.monotonic() >= lastWord) return false;
        await sleep(clock, backoffMs(tries, ENGINE_BACKOFF, random));
      }
    }
    return false;
  }
}
