import { type Clock, type ErrorCode, ImError, type Random } from '@chasqui/domain';

/**
 * `refusing`: every call fails at once. `hanging`: calls fail after the driver's deadline, and may have been executed.
 */
export type MachineState = 'up' | 'refusing' | 'hanging';

/** The timeout after which a driver gives up a call, in ms. */
const DRIVER_DEADLINE_MS = 3_000;

/**
 * A machine that runs engines: it outlives the processes that call it, and fails independently. `answer` is the only
 * access to its engines.
 */
export class Machine {
  readonly name: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #error: ErrorCode;
  #state: MachineState = 'up';
  /** The next calls that fail although the machine is up: `before` they are executed, or `after`. */
  #glitches: ('before' | 'after')[] = [];
  #awaited: (() => void)[] = [];

  constructor(name: string, { clock, random, error }: { clock: Clock; random: Random; error: ErrorCode }) {
    this.name = name;
    this.#clock = clock;
    this.#random = random;
    this.#error = error;
  }

  get state(): MachineState {
    return this.#state;
  }

  set state(state: MachineState) {
    this.#state = state;
    if (state === 'up') for (const resolve of this.#awaited.splice(0)) resolve();
  }

  glitch(kind: 'before' | 'after', count: number): void {
    for (let i = 0; i < count; i++) this.#glitches.push(kind);
  }

  calm(): void {
    this.state = 'up';
    this.#glitches = [];
  }

  /** Resolves when the machine is up: for deliveries that it starts itself. */
  up(): Promise<void> {
    return this.#state === 'up' ? Promise.resolve() : new Promise((resolve) => this.#awaited.push(resolve));
  }

  async answer<T>(work: () => Promise<T>): Promise<T> {
    if (this.#state === 'refusing') throw this.#fault();
    if (this.#state === 'hanging') {
      if (this.#random() < 0.3) await work();
      await new Promise<void>((resolve) => this.#clock.after(DRIVER_DEADLINE_MS, resolve));
      throw this.#fault();
    }
    const glitch = this.#glitches.shift();
    if (glitch === 'before') throw this.#fault();
    const result = await work();
    if (glitch === 'after') throw this.#fault();
    return result;
  }

  #fault(): ImError {
    return new ImError(this.#error, `${this.name} is away`);
  }
}
