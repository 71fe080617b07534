import type { Clock } from '@chasqui/domain';
import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './client.ts';

/** A master of a cluster that is not back by then, the same as it was, was replaced, milliseconds. */
const MISSING_MS = 5_000;

/**
 * Notices that a server may have lost its last writes: it was restarted, or another took its place. (One that keeps an
 * append-only file or a replica still loses a second or two.) One that could not be reached for a while, but ran on, lost
 * nothing.
 */
export class ServerRestarts {
  readonly #clock: Clock;
  /** Server → the id of its run. */
  readonly #runs = new Map<string, string>();
  /** Masters that left the cluster, as far as this client sees it → since when, monotonic ms. */
  readonly #missing = new Map<string, number>();
  #doubt = false;

  constructor(client: RedisClient, clock: Clock) {
    this.#clock = clock;
    if (client instanceof Cluster) {
      client.on('+node', (node: Redis) => this.#watch(node, placeOf(node)));
      client.on('-node', (node: Redis) => this.#missing.set(placeOf(node), clock.monotonic()));
    } else this.#watch(client, '');
  }

  /** Whether writes may have been lost since the last time that this was asked. */
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

  /** To be asked again: nothing came of it. */
  putBack(): void {
    this.#doubt = true;
  }

  #watch(server: Redis, place: string): void {
    server.on('ready', () => {
      // One that goes away at once is asked when it is back.
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
