import { type Clock, ImError, type Random, type Timer } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import type { Received } from '../proxy/exchange.ts';

/** A message in hand. */
export interface Held {
  readonly received: Received;
  /** How long before it was received it was stored, by the engine's clock. */
  readonly ageMs: number;
  /** It may have been handed to a handler before. */
  redelivered: boolean;
}

/** What a lane asks of the engine and of its consumer. Errors of the engine's: `bus_unavailable`. */
export interface LaneWork {
  handle(batch: readonly Held[]): Promise<void>;
  /** Puts one that can never be handled where it can be looked at. */
  bury(held: Held, error: ImError): Promise<void>;
  /** Resolves with those whose handles were too old. */
  ack(messages: readonly Received[]): Promise<Received[]>;
  /** Nobody else gets it for so long; 0 gives it back. Resolves with its new handle. */
  hold(message: Received, ms: number): Promise<string>;
  /** The lane has nothing in hand any more. */
  idle(): void;
}

export interface LaneOptions {
  clock: Clock;
  random: Random;
  maxBatch: number;
  /** How long the engine holds a message for whoever received it, ms. */
  holdMs: number;
  work: LaneWork;
}

/** Handles are renewed when a third of their time is over; what is left of it outlasts two failures. */
const RENEWALS_PER_HOLD = 3;
const HANDLER_BACKOFF = { initialMs: 200, maxMs: 10_000 };
const ENGINE_BACKOFF = { initialMs: 100, maxMs: 2_000 };
/** A handler that fails so often in a row gives another member the chance. */
const FAILURES_TO_GIVE_BACK = 8;
/** What is done is said so for this long while the lane is retired, ms. */
const LAST_WORD_MS = 3_000;

type Outcome = { type: 'done' } | { type: 'failed' } | { type: 'never'; error: ImError };

/**
 * One queue's messages in the hands of one consumer. The engine gives nobody anything of a queue while any message of it
 * is held; so everything in hand is renewed until it is done, in order, and nothing of the queue can overtake.
 */
export class Lane {
  readonly #options: LaneOptions;
  #held: Held[] = [];
  /** Monotonic ms. */
  #takenAt = 0;
  /** Monotonic ms until which nobody else gets what is held. */
  #heldUntil = 0;
  #renewal: Timer | undefined;
  /** Messages below this offset were handed to the handler before. */
  #handedBelow = 0;
  /** Messages below this offset are handed out one by one: one of them can never be handled. */
  #singlyBelow = 0;
  #failures = 0;
  #running: Promise<void> | undefined;
  readonly #retired = new AbortController();

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /**
   * What was received of the queue just now. What was in hand before has been given out anew by then: its handles are
   * worth nothing, and it is among the new.
   */
  take(held: Held[]): void {
    const { clock, holdMs } = this.#options;
    this.#held = held;
    this.#takenAt = clock.monotonic();
    this.#heldUntil = this.#takenAt + holdMs;
    for (const one of held) if (one.received.queueOffset < this.#handedBelow) one.redelivered = true;
    this.#renewLater();
    this.#running ??= this.#run();
  }

  /** Waits for the handler that runs, and gives back what is not done. */
  async retire(): Promise<void> {
    this.#retired.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#held.length > 0) {
      if (this.#retired.signal.aborted) await this.#giveBack(0);
      else if (this.#options.clock.monotonic() >= this.#heldUntil) this.#held = [];
      else await this.#handleNext(this.#next());
    }
    this.#renewal?.cancel();
    this.#running = undefined;
    this.#options.work.idle();
  }

  #next(): Held[] {
    const [first] = this.#held;
    const { maxBatch } = this.#options;
    return this.#held.slice(0, (first?.received.queueOffset ?? 0) < this.#singlyBelow ? 1 : maxBatch);
  }

  async #handleNext(batch: Held[]): Promise<void> {
    const all = this.#held;
    const last = batch.at(-1)?.received.queueOffset ?? 0;
    this.#handedBelow = Math.max(this.#handedBelow, last + 1);
    const outcome = await this.#handled(batch);
    for (const held of batch) held.redelivered = true;
    if (outcome.type === 'failed') return this.#failed();
    this.#failures = 0;
    if (outcome.type === 'never' && batch.length > 1) {
      this.#singlyBelow = last + 1;
      return;
    }
    const [culprit] = batch;
    const buried =
      outcome.type === 'done' || culprit === undefined
        ? true
        : await this.#insist(all, () => this.#options.work.bury(culprit, outcome.error));
    if (buried && (await this.#insist(all, () => this.#ack(batch)))) this.#drop(all, batch.length);
  }

  async #handled(batch: readonly Held[]): Promise<Outcome> {
    try {
      await this.#options.work.handle(batch);
      return { type: 'done' };
    } catch (error) {
      return error instanceof ImError && error.retry === 'never' ? { type: 'never', error } : { type: 'failed' };
    }
  }

  async #failed(): Promise<void> {
    const { clock, random } = this.#options;
    const waitMs = backoffMs(this.#failures++, HANDLER_BACKOFF, random);
    if (this.#failures > FAILURES_TO_GIVE_BACK) await this.#giveBack(waitMs);
    else await sleep(clock, waitMs, this.#retired.signal).catch(() => {});
  }

  async #ack(batch: readonly Held[]): Promise<void> {
    const stale = await this.#options.work.ack(batch.map(({ received }) => received));
    // Whoever gets the shard now starts with these.
    if (stale.length > 0) this.#heldUntil = 0;
  }

  /**
   * Tries until it succeeds; false when there is no time left, or what is held was given out anew meanwhile: the engine
   * then counts on the new handles alone.
   */
  async #insist(all: readonly Held[], attempt: () => Promise<void>): Promise<boolean> {
    const { clock, random } = this.#options;
    const lastWord = clock.monotonic() + LAST_WORD_MS;
    for (let tries = 0; this.#held === all; tries++) {
      const now = clock.monotonic();
      if (now >= this.#heldUntil || (this.#retired.signal.aborted && now >= lastWord)) return false;
      try {
        await attempt();
        return this.#held === all && clock.monotonic() < this.#heldUntil;
      } catch {
        await sleep(clock, backoffMs(tries, ENGINE_BACKOFF, random));
      }
    }
    return false;
  }

  #drop(all: readonly Held[], count: number): void {
    if (this.#held === all) this.#held = all.slice(count);
  }

  /** Others get it after `ms`; what the handler has had, no sooner than they can tell that it has. */
  async #giveBack(ms: number): Promise<void> {
    const { clock, holdMs, work } = this.#options;
    const all = this.#held;
    this.#held = [];
    this.#renewal?.cancel();
    const handed = all.filter(({ received }) => received.queueOffset < this.#handedBelow);
    const youngestMs = Math.min(...handed.map(({ ageMs }) => ageMs)) + clock.monotonic() - this.#takenAt;
    const afterMs = Math.max(ms, Math.ceil(holdMs - youngestMs), 0);
    await Promise.allSettled(all.map(({ received }) => work.hold(received, handed.length === 0 ? ms : afterMs)));
  }

  #renewLater(): void {
    const { clock, holdMs } = this.#options;
    this.#renewal?.cancel();
    this.#renewal = clock.after(holdMs / RENEWALS_PER_HOLD, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { clock, holdMs, work } = this.#options;
    this.#renewLater();
    const renewed = this.#held;
    const until = clock.monotonic() + holdMs;
    const kept = new Set<Held>();
    await Promise.allSettled(
      renewed.map(async (held) => {
        held.received.handle = await work.hold(held.received, holdMs);
        kept.add(held);
      }),
    );
    // What is done by now has left.
    if (this.#held.every((held) => kept.has(held))) this.#heldUntil = until;
  }
}
