import type { Clock } from '@chasqui/domain';
import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './client.ts';

/** A cluster master that does not return unchanged within this time was replaced, milliseconds. */
const MISSING_MS = 5_000;

/**
 * Detects that a server may have lost its last writes because it was restarted or replaced. (Even with an append-only
 * file or a replica, it loses a second or two.) A server that was unreachable but kept running lost nothing.
 */
export class ServerRestarts {
  readonly #clock: Clock;
  /** Server → its run id. */
  readonly #runs = new Map<string, string>();
  /** Masters that this client no longer sees in the cluster → since when, monotonic ms. */
  readonly #missing = new Map<string, number>();
  #doubt = false;

  constructor(client: RedisClient, clock: Clock) {
    this.#clock = clock;
    if (client instanceof Cluster) {
      client.on('+node', (node: Redis) => this.#watch(node, placeOf(node)));
      client.on('-node', (node: Redis) => this.#missing.set(placeOf(node), clock.monotonic()));
    } else this.#watch(client, '');
  }

  /** Whether writes may have been lost since the last call. */
  take(): boolean {
    const now = this.#clock.monotonic();
    for (const [place, since] of this.#missing) {
      if (now - since < MISSING_MS) continue;
      this.#missing.delete(place);
      this.#doubt = true;
    }
    const doubt = this.#doubt;
    this.#doubt = false;
    return doubt;
  }

  /** Makes the next `take` return true again, as the caller could not act on it. */
  putBack(): void {
    this.#doubt = true;
  }

  #watch(server: Redis, place: string): void {
    server.on('ready', () => {
      // A server that is lost at once is asked again when it returns.
      server.info('server').then(
        (info) => this.#note(place, /^run_id:(\w+)/m.exec(info)?.[1] ?? ''),
        () => {},
      );
    });
  }

  #note(place: string, run: string): void {
    const before = this.#runs.get(place);
    if (before !== undefined && before !== run) this.#doubt = true;
    this.#runs.set(place, run);
    this.#missing.delete(place);
  }
}

function placeOf({ options }: Redis): string {
  return `${options.host}:${options.port}`;
}
