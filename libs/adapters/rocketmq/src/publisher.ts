import { type Clock, ImError, type Random } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import type { BusProxy } from './proxy/bus-proxy.ts';
import type { Outgoing } from './proxy/exchange.ts';

export interface PublisherOptions {
  proxy: BusProxy;
  clock: Clock;
  random: Random;
  /** Unique among all publishers. */
  clientId: string;
  publishDeadlineMs: number;
  maxWaitingBytes: number;
}

/** Marks a message that may be in its queue already: an earlier attempt to publish it got no answer. */
export const MAY_BE_A_COPY = 'copy';

const ATTEMPT_BACKOFF = { initialMs: 50, maxMs: 1_000 };

/** Publishes, and retries until its deadline; one publish in flight per message group. */
export class Publisher {
  readonly #options: PublisherOptions;
  /** By topic and message group: settles with the last publish. */
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  #waitingBytes = 0;
  #published = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the message is on the broker's disk. Errors: `bus_unavailable` at the deadline: it may be stored or
   * not; `overloaded` if too much waits.
   */
  async publish(outgoing: Outgoing): Promise<void> {
    const { clock, publishDeadlineMs, maxWaitingBytes } = this.#options;
    const bytes = outgoing.body.length;
    if (this.#waitingBytes + bytes > maxWaitingBytes)
      throw new ImError('overloaded', 'too many bytes wait to be published');
    this.#waitingBytes += bytes;
    const deadline = clock.monotonic() + publishDeadlineMs;
    try {
      if (outgoing.messageGroup === undefined) await this.#send(outgoing, deadline);
      else await this.#inTurn(`${outgoing.topic} ${outgoing.messageGroup}`, () => this.#send(outgoing, deadline));
    } finally {
      this.#waitingBytes -= bytes;
    }
  }

  /** Waiting publishes fail; resolves when none is in flight. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#lanes.values());
  }

  async #inTurn(lane: string, send: () => Promise<void>): Promise<void> {
    const turn = (this.#lanes.get(lane) ?? Promise.resolve()).then(send);
    const settled = turn.catch(() => {});
    this.#lanes.set(lane, settled);
    try {
      await turn;
    } finally {
      if (this.#lanes.get(lane) === settled) this.#lanes.delete(lane);
    }
  }

  async #send(outgoing: Outgoing, deadline: number): Promise<void> {
    const { proxy, clock, random, clientId, publishDeadlineMs } = this.#options;
    const messageId = `${clientId}-${(++this.#published).toString(36)}`;
    const bornAt = clock.now();
    let message = outgoing;
    for (let attempt = 0; ; attempt++) {
      const left = deadline - clock.monotonic();
      try {
        if (left <= 0 || this.#closing.signal.aborted) throw tooLate();
        // Half of the time: an answer may be lost although the engine is well again, so a second attempt must fit.
        return await proxy.send(messageId, bornAt, message, Math.min(left, publishDeadlineMs / 2));
      } catch (error) {
        const failure = ImError.from(error, 'bus_unavailable');
        const waitMs = backoffMs(attempt, ATTEMPT_BACKOFF, random);
        if (failure.retry === 'never' || clock.monotonic() + waitMs >= deadline) throw failure;
        await sleep(clock, waitMs, this.#closing.signal).catch(() => Promise.reject(failure));
        message = { ...outgoing, properties: { ...outgoing.properties, [MAY_BE_A_COPY]: '1' } };
      }
    }
  }
}

function tooLate(): ImError {
  return new ImError('bus_unavailable', 'the bus did not confirm the message in time');
}
