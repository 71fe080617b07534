import { type Clock, engineError, ImError, type Limits, shardOf, type Timer } from '@chasqui/domain';
import { nextBeat, sleep } from '@chasqui/kit';
import type { MessageBus } from '@chasqui/ports';
import { joinEvents } from './bus-body.ts';
import { type BusEvent, encodeEvent } from './event-codec.ts';

interface Pending {
  json: string;
  acceptedAt: number;
  resolve: () => void;
  reject: (error: ImError) => void;
}

/** An event, and the key that determines its shard. */
export interface KeyedEvent {
  key: string;
  event: BusEvent;
}

interface Lane {
  topic: string;
  shard: number;
  waiting: Pending[];
  running: boolean;
  /** Monotonic ms at which the oldest event that is not yet durable was accepted; valid while `running`. */
  waitingSince: number;
  /** Monotonic ms before which it publishes no more. */
  notBefore: number;
}

/** `publishSoon` publishes at one beat of so many. */
const BEATS_OF_WHAT_CAN_WAIT = 4;

type PublisherLimits = Pick<Limits, 'publishDeadlineMs' | 'maxBatchEvents' | 'maxBatchBytes'>;

/**
 * Publishes events with one publish in flight per shard, at the pace that the bus asks for. Events that arrive
 * meanwhile form the next batch, one bus message. This keeps the order of a conversation and makes the bus efficient.
 * What waits for the pace is published at its next beat, as all processes do, so that consumers get it together.
 *
 * If a publish fails or exceeds the deadline, all events waiting behind it in its shard fail with it: nothing may
 * overtake a message whose outcome is unknown (C5). They can be retried, and duplicates are detected at storing.
 */
export class EventPublisher {
  readonly #bus: MessageBus;
  readonly #paceMs: number;
  readonly #clock: Clock;
  readonly #limits: PublisherLimits;
  /** By topic and shard, once used. */
  readonly #lanes = new Map<string, (Lane | undefined)[]>();
  #waiting = 0;
  /** Of `publishSoon`: monotonic ms before which nothing is published, and the wait for it. */
  #soonNotBefore = Number.NEGATIVE_INFINITY;
  #soon: Promise<void> | undefined;
  #early = 0;
  #waitingCharacters = 0;
  #idle: (() => void)[] = [];

  constructor({ bus, clock, limits }: { bus: MessageBus; clock: Clock; limits: PublisherLimits }) {
    this.#bus = bus;
    this.#paceMs = bus.publishPaceMs ?? 0;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Number of events accepted but not yet durable; the caller enforces a bound (`overloaded`). */
  get waiting(): number {
    return this.#waiting;
  }

  /** Of these, how many wait for a later beat although nothing is in their way. */
  get early(): number {
    return this.#early;
  }

  /** Total size of these events as JSON, in characters. */
  get waitingCharacters(): number {
    return this.#waitingCharacters;
  }

  /**
   * How long, in ms, the oldest event of a key's shard that is not yet durable has waited. It grows when the bus or its
   * disk is slow, when this process is too busy to process the answers, and when that shard alone takes nothing.
   */
  delayOf(topic: string, key: string): number {
    const lanes = this.#lanes.get(topic);
    const lane = lanes?.[shardOf(key, this.#bus.shards(topic))];
    return lane?.running === true ? this.#clock.monotonic() - lane.waitingSince : 0;
  }

  /**
   * Resolves when the event is durable on the bus (C1). Events with the same key are delivered in the order of the
   * calls. `acceptedAt`: monotonic ms at which the sender began to wait, if earlier than now. Errors: `bus_unavailable`
   * within `publishDeadlineMs` of that: the event may or may not be stored. `unprocessable` for an event that cannot be
   * serialised.
   */
  publish(topic: string, key: string, event: BusEvent, acceptedAt = this.#clock.monotonic()): Promise<void> {
    let lane: Lane;
    let json: string;
    try {
      lane = this.#lane(topic, shardOf(key, this.#bus.shards(topic)));
      json = encodeEvent(event);
    } catch (error) {
      return Promise.reject(engineError(error, 'bus_unavailable'));
    }
    return new Promise((resolve, reject) => {
      lane.waiting.push({ json, acceptedAt, resolve, reject });
      this.#waiting++;
      this.#waitingCharacters += json.length;
      if (lane.running) return;
      lane.running = true;
      lane.waitingSince = acceptedAt;
      queueMicrotask(() => void this.#drain(lane));
    });
  }

  /**
   * As `publish`, for what may come a few paces later: those of all shards, and of other processes, are published at the
   * same beat. It may come behind what is published after it. A single event need not wait.
   */
  async publishSoon(topic: string, key: string, event: BusEvent): Promise<void> {
    const earlyMs = this.#soonNotBefore - this.#clock.monotonic();
    if (earlyMs > 0) {
      this.#waiting++;
      this.#early++;
      this.#soon ??= sleep(this.#clock, Math.ceil(earlyMs));
      await this.#soon;
      this.#early--;
      this.#waiting--;
    }
    if (this.#soonNotBefore <= this.#clock.monotonic()) {
      this.#soonNotBefore = nextBeat(this.#clock, BEATS_OF_WHAT_CAN_WAIT * this.#paceMs);
      this.#soon = undefined;
    }
    await this.publish(topic, key, event);
  }

  /** Publishes events with a delay, those of one shard together; they are not ordered relative to others. */
  async publishLater(topic: string, events: readonly KeyedEvent[], delayMs: number): Promise<void> {
    const byShard = Map.groupBy(events, ({ key }) => shardOf(key, this.#bus.shards(topic)));
    const publishes: Promise<void>[] = [];
    for (const [shard, own] of byShard) {
      const waiting = own.map(({ event }) => ({ json: encodeEvent(event) }));
      while (waiting.length > 0) {
        const body = joinEvents(waiting.splice(0, this.#batchLength(waiting)).map(({ json }) => json));
        publishes.push(this.#bus.publish({ topic, shard, body, delayMs }));
      }
    }
    await Promise.all(publishes);
  }

  /** Resolves when no event is waiting. */
  idle(): Promise<void> {
    return this.#waiting === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  #lane(topic: string, shard: number): Lane {
    const lanes = this.#lanes.get(topic) ?? [];
    if (lanes.length === 0) this.#lanes.set(topic, lanes);
    lanes[shard] ??= {
      topic,
      shard,
      waiting: [],
      running: false,
      waitingSince: 0,
      notBefore: Number.NEGATIVE_INFINITY,
    };
    return lanes[shard];
  }

  async #drain(lane: Lane): Promise<void> {
    for (let first = lane.waiting[0]; first !== undefined; first = lane.waiting[0]) {
      lane.waitingSince = first.acceptedAt;
      const earlyMs = lane.notBefore - this.#clock.monotonic();
      if (earlyMs > 0) await sleep(this.#clock, earlyMs);
      lane.notBefore = nextBeat(this.#clock, this.#paceMs);
      const batch = lane.waiting.splice(0, this.#batchLength(lane.waiting));
      const failure = await this.#publish(lane, batch);
      // After a failure all waiting events fail: see the class comment.
      const settled = failure === null ? batch : batch.concat(lane.waiting.splice(0));
      this.#waiting -= settled.length;
      for (const { json } of settled) this.#waitingCharacters -= json.length;
      for (const pending of settled) failure === null ? pending.resolve() : pending.reject(failure);
    }
    lane.running = false;
    if (this.#waiting === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #batchLength(waiting: readonly Pick<Pending, 'json'>[]): number {
    let bytes = 0;
    let length = 0;
    for (const { json } of waiting) {
      bytes += json.length;
      if (length === this.#limits.maxBatchEvents || (length > 0 && bytes > this.#limits.maxBatchBytes)) break;
      length++;
    }
    return length;
  }

  /** Null: durable; otherwise the error. */
  async #publish({ topic, shard }: Lane, batch: readonly Pending[]): Promise<ImError | null> {
    const body = joinEvents(batch.map((pending) => pending.json));
    const oldest = batch[0]?.acceptedAt ?? 0;
    const left = Math.max(0, oldest + this.#limits.publishDeadlineMs - this.#clock.monotonic());
    let timer: Timer | undefined;
    const late = new Promise<ImError>((resolve) => {
      timer = this.#clock.after(left, () =>
        resolve(new ImError('bus_unavailable', `the bus did not answer within ${this.#limits.publishDeadlineMs} ms`)),
      );
    });
    const publish = async () => this.#bus.publish({ topic, shard, body });
    const published = publish().then(
      () => null,
      (error) => ImError.from(error, 'bus_unavailable'),
    );
    const outcome = await Promise.race([published, late]);
    timer?.cancel();
    return outcome;
  }
}
