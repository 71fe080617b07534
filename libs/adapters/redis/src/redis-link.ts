import { type Clock, ImError } from '@chasqui/domain';
import { withDeadline } from '@chasqui/kit';
import type { RedisClient } from './client.ts';

/** Calls that may wait for answers at once (C16). Beyond it a call fails at once. */
const MAX_IN_FLIGHT = 20_000;

/** Keys of one script, where one server has them all: a script holds up everybody else. */
const KEYS_AT_ONCE = 50;

export interface RedisLinkOptions {
  client: RedisClient;
  clock: Clock;
  /** A call that takes longer fails, milliseconds. */
  timeoutMs: number;
}

/** The way of every call to Redis: a deadline, a bound, and one kind of error. */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  #inFlight = 0;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
  }

  /**
   * Items in the groups that one script may take: on a cluster each by itself, as their keys are on different nodes.
   * Several in one script cost this process a third of what they cost one by one.
   */
  groups<T>(items: readonly T[]): T[][] {
    const size = this.#options.client.isCluster ? 1 : KEYS_AT_ONCE;
    return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
  }

  /** Errors: `presence_unavailable`, within the deadline. What was asked may still happen after it. */
  async call<T>(ask: (client: RedisClient) => Promise<T>): Promise<T> {
    if (this.#inFlight >= MAX_IN_FLIGHT) {
      throw new ImError('presence_unavailable', `too many calls wait for Redis (${MAX_IN_FLIGHT})`);
    }
    const { client, clock, timeoutMs } = this.#options;
    this.#inFlight++;
    try {
      return await withDeadline(clock, timeoutMs, ask(client), () => late(timeoutMs));
    } catch (error) {
      throw unavailable(error);
    } finally {
      this.#inFlight--;
    }
  }
}

function late(timeoutMs: number): ImError {
  return new ImError('presence_unavailable', `Redis did not answer within ${timeoutMs} ms`);
}

/** What leaves the adapter for a driver's error. */
export function unavailable(error: unknown): ImError {
  if (error instanceof ImError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ImError('presence_unavailable', `Redis: ${message}`, {}, withoutCommand(error));
}

/** The driver notes in its errors what was asked, which may hold messages and passwords: that goes into no log. */
export function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('command' in error) delete error.command;
  if ('lastNodeError' in error) withoutCommand(error.lastNodeError);
  if ('previousErrors' in error) delete error.previousErrors;
  return error;
}
