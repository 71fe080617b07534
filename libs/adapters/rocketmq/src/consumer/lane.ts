import { type Clock, ImError, type Random, type Timer } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import type { Received } from '../proxy/exchange.ts';

/** A message that this consumer holds. */
export interface Held {
  readonly received: Received;
  /** Its age when it was received, by the engine's clock. */
  readonly ageMs: number;
  /** A handler may have received it before. */
  redelivered: boolean;
}

/** What a lane needs of the engine and of its consumer. Errors of the engine: `bus_unavailable`. */
export interface LaneWork {
  handle(batch: readonly Held[]): Promise<void>;
  /** Moves a message that can never be handled to the dead letters. */
  bury(held: Held, error: ImError): Promise<void>;
  /** Returns the messages whose handles were too old. */
  ack(messages: readonly Received[]): Promise<Received[]>;
  /** Holds the message for `ms`, during which no other member receives it; 0 returns it. Returns the new handle. */
  hold(message: Received, ms: number): Promise<string>;
  /** The lane holds no messages any more. */
  idle(): void;
}

export interface LaneOptions {
  clock: Clock;
  random: Random;
  maxBatch: number;
  /** How long the engine holds a message for its receiver, ms. */
  holdMs: number;
  work: LaneWork;
}

/** Handles are renewed after a third of their time; the rest outlasts two failed renewals. */
const RENEWALS_PER_HOLD = 3;
const HANDLER_BACKOFF = { initialMs: 200, maxMs: 10_000 };
const ENGINE_BACKOFF = { initialMs: 100, maxMs: 2_000 };
/** After so many failures in a row, the messages are given to another member. */
const FAILURES_TO_GIVE_BACK = 8;
/** How long a retired lane may still ack its finished messages, ms. */
const LAST_WORD_MS = 3_000;

type Outcome = { type: 'done' } | { type: 'failed' } | { type: 'never'; error: ImError };

/**
 * One queue's messages, held by one consumer. While any message of a queue is held, the engine delivers nothing of that
 * queue. So everything held is renewed until it is done, in order, and nothing of the queue can overtake.
 */
export class Lane {
  readonly #options: LaneOptions;
  #held: Held[] = [];
  /** Monotonic ms. */
  #takenAt = 0;
  /** Monotonic ms until which no other member receives the held messages. */
  #heldUntil = 0;
  #renewal: Timer | undefined;
  /** Messages below this offset were passed to the handler before. */
  #handedBelow = 0;
  /** Messages below this offset are handled one by one, as one of them can never be handled. */
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
   * Takes newly received messages of the queue. Receiving again reissues held messages: old handles are invalid and the
   * messages reappear here.
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

  /** Waits for the running handler, and returns unfinished messages. */
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
    // The shard's next member starts with these.
    if (stale.length > 0) this.#heldUntil = 0;
  }

  /**
   * Retries until it succeeds. Returns false if there is no time left, or if held messages were reissued meanwhile: the
   * engine then accepts only the new handles.
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

  /**
   * Returns the messages to the group after `ms`. Messages that the handler has had are delayed until their age marks
   * them as redelivered.
   */
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
    // Messages finished meanwhile are no longer in `#held`.
    if (this.#held.every((held) => kept.has(held))) this.#heldUntil = until;
  }
}
