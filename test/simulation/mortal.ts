import type { Clock, Timer } from '@chasqui/domain';

/** What ends with a process, in the order of its making. */
type Undoing = () => void;

/**
 * One process of the cluster. All that it touches reaches it through `enter` or its clock, so that it can be killed in
 * any line: after `kill` nothing enters any more, its calls never answer and its timers never ring. While it is frozen
 * everything that would enter waits.
 */
export class Mortal {
  readonly name: string;
  readonly clock: Clock;
  readonly #world: Clock;
  readonly #undoings = new Set<Undoing>();
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #waiting: (() => void)[] = [];
  #skewMs: number;

  /** `skewMs`: how wrong its wall clock is. */
  constructor(name: string, world: Clock, skewMs = 0) {
    this.name = name;
    this.#world = world;
    this.#skewMs = skewMs;
    this.clock = {
      now: () => world.now() + this.#skewMs,
      monotonic: () => world.monotonic(),
      after: (delayMs, callback): Timer => {
        let cancelled = false;
        const timer = world.after(delayMs, () => this.enter(() => (cancelled ? undefined : callback())));
        return {
          cancel() {
            cancelled = true;
            timer.cancel();
          },
        };
      },
    };
  }

  get alive(): boolean {
    return this.#state !== 'dead';
  }

  get frozen(): boolean {
    return this.#state === 'frozen';
  }

  /** Something arrives from outside. */
  enter(action: () => void): void {
    if (this.#state === 'running') action();
    else if (this.#state === 'frozen') this.#waiting.push(action);
  }

  /** As kill -9. */
  kill(): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#waiting = [];
    for (const undo of [...this.#undoings]) undo();
    this.#undoings.clear();
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  /** What waited enters, each in a turn of its own, as a thawed process finds it in its sockets. */
  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    for (const action of this.#waiting.splice(0)) this.#world.after(0, () => this.enter(action));
  }

  /** Its wall clock is set. */
  setClock(skewMs: number): void {
    this.#skewMs = skewMs;
  }

  /** Called when the process is killed; the result takes it back. */
  atDeath(undo: Undoing): () => void {
    this.#undoings.add(undo);
    return () => this.#undoings.delete(undo);
  }
}
