import { INTERNAL_ERROR } from './settings.ts';

/** A connection that collects the frames of a turn. */
export interface Flushable {
  /** Sends the collected frames. Throws if the engine refuses them. */
  flush(): void;
  end(code: number, reason: string): void;
}

/**
 * Holds frames until the end of the event loop's turn, so that each connection gets all of a turn's frames in one
 * system call: with four frames for each of 200 sockets in a turn, a frame costs 3.9 µs instead of 9.6. A single frame
 * waits only for the end of its turn. Bound: what a turn makes, within each connection's backlog.
 */
export class UwsOutbox {
  #waiting: Flushable[] = [];
  #scheduled = false;

  /** `connection` has frames to flush. Call once per flush. */
  add(connection: Flushable): void {
    this.#waiting.push(connection);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const connections = this.#waiting;
    this.#waiting = [];
    for (const connection of connections) {
      try {
        connection.flush();
      } catch {
        // The engine refused the frames: this socket is ended, and the others get theirs.
        connection.end(INTERNAL_ERROR, 'internal');
      }
    }
  }
}
