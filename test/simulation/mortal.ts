import type { Clock, Timer } from '@chasqui/domain';

/** Resources that end with a process, in the order of their creation. */
type Undoing = () => void;

/**
 * One process of the cluster. All input reaches it through `enter` or its clock, so that it can be killed in any line:
 * after `kill` nothing enters, its calls never return and its timers never fire. While it is frozen, all input waits.
 */
export class Mortal {
  readonly name: string;
  readonly clock: Clock;
  readonly #world: Clock;
  readonly #undoings = new Set<Undoing>();
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #waiting: (() => void)[] = [];
  #skewMs: number;

  /** `skewMs`: the error of its wall clock. */
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

  /** An input arrives from outside. */
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

  /** Waiting input enters, each item in a turn of its own, as a thawed process finds it in its sockets. */
  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    for (const action of this.#waiting.splice(0)) this.#world.after(0, () => this.enter(action));
  }

  /** Sets its wall clock. */
  setClock(skewMs: number): void {
    this.#skewMs = skewMs;
  }

  /** Called when the process is killed; the returned function unregisters it. */
  atDeath(undo: Undoing): () => void {
    this.#undoings.add(undo);
    return () => this.#undoings.delete(undo);
  }
}
