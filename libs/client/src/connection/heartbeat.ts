import type { Clock } from '@chasqui/domain';
import { Alarm } from '../basics/alarm.ts';

/**
 * Finds dead connections: pings at the server's interval, and reports when no frame arrives within `pongTimeoutMs` of a
 * ping.
 */
export class Heartbeat {
  readonly #beat: Alarm;
  readonly #deadline: Alarm;
  #heartbeatMs = 0;
  readonly #pongTimeoutMs: number;
  readonly #ping: () => void;

  constructor(clock: Clock, pongTimeoutMs: number, handlers: { ping: () => void; dead: () => void }) {
    this.#pongTimeoutMs = pongTimeoutMs;
    this.#ping = handlers.ping;
    this.#beat = new Alarm(clock, () => this.check());
    this.#deadline = new Alarm(clock, handlers.dead);
  }

  start(heartbeatMs: number): void {
    this.stop();
    this.#heartbeatMs = heartbeatMs;
    this.#beat.set(heartbeatMs);
  }

  /** Pings now and starts the answer's deadline. */
  check(): void {
    this.#deadline.set(this.#pongTimeoutMs);
    this.#beat.set(this.#heartbeatMs);
    this.#ping();
  }

  /** Call it at each frame: any frame is a sign of life. */
  heard(): void {
    this.#deadline.clear();
  }

  stop(): void {
    this.#beat.clear();
    this.#deadline.clear();
  }
}
