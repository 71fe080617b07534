import { type Clock, ImError } from '@chasqui/domain';
import { withDeadline } from '@chasqui/kit';
import { Redis } from 'ioredis';
import type { RedisClient } from './client.ts';

/** Maximum calls in flight (C16). Further calls fail at once. */
const MAX_IN_FLIGHT = 20_000;

/** Keys of one script if one server has them all: a script blocks all other calls. */
const KEYS_AT_ONCE = 50;

export interface RedisLinkOptions {
  client: RedisClient;
  clock: Clock;
  /** Deadline of a call, milliseconds. */
  timeoutMs: number;
}

/** Every call to Redis goes through here: a deadline, a bound, and one kind of error. */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  #inFlight = 0;
  #isCorked = false;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
  }

  /**
   * Groups items for scripts: on a cluster each item alone, as their keys are on different nodes. Several items in one
   * script cost this process a third of the time of single ones.
   */
  groups<T>(items: readonly T[]): T[][] {
    const size = this.#options.client.isCluster ? 1 : KEYS_AT_ONCE;
    return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
  }

  /** Errors: `presence_unavailable`, within the deadline. The request may still be executed after it. */
  async call<T>(ask: (client: RedisClient) => Promise<T>): Promise<T> {
    if (this.#inFlight >= MAX_IN_FLIGHT) {
      throw new ImError('presence_unavailable', `too many calls wait for Redis (${MAX_IN_FLIGHT})`);
    }
    const { client, clock, timeoutMs } = this.#options;
    this.#inFlight++;
    this.#cork();
    try {
      return await withDeadline(clock, timeoutMs, ask(client), () => late(timeoutMs));
    } catch (error) {
      throw unavailable(error);
    } finally {
      this.#inFlight--;
    }
  }

  /** The calls of a turn leave together: a system call for each costs more than the calls do. */
  #cork(): void {
    const { client } = this.#options;
    if (this.#isCorked || !(client instanceof Redis)) return;
    const { stream } = client;
    if (stream === undefined) return;
    this.#isCorked = true;
    stream.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }
}

function late(timeoutMs: number): ImError {
  return new ImError('presence_unavailable', `Redis did not answer within ${timeoutMs} ms`);
}

/** The error that leaves the adapter for a driver's error. */
export function unavailable(error: unknown): ImError {
  if (error instanceof ImError) return error;
  const cause = withoutCommand(error);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ImError('presence_unavailable', `Redis: ${message}`, {}, cause);
}

/** How a server that does not know a command says what it was asked. */
const ARGUMENTS = /, with args beginning with:.*/s;

/**
 * The driver's errors contain the command, which may include messages and passwords and must not be logged. So does a
 * server's text about a command that it does not know, as AUTH where it was renamed.
 */
export function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message } = error;
  error.message = message.replace(ARGUMENTS, '');
  // The stack begins with the message.
  if (error.message !== message) error.stack = String(error);
  if ('command' in error) delete error.command;
  if ('lastNodeError' in error) withoutCommand(error.lastNodeError);
  if ('previousErrors' in error) delete error.previousErrors;
  return error;
}
