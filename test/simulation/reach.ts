import type { Random } from '@chasqui/domain';
import type { Machine } from './machine.ts';
import type { Mortal } from './mortal.ts';
import type { VirtualClock } from './virtual-clock.ts';

/**
 * A planned death of a process at a call: before the call is sent, or when its answer would arrive (after execution).
 */
export interface Doom {
  /** The number of calls that it still makes. */
  calls: number;
  when: 'before' | 'after';
}

/**
 * How a process reaches the machines: every call takes time in both directions, the process may die at any of them, and
 * arguments and results are copied, as on a network.
 */
export class Reach {
  readonly #process: Mortal;
  readonly #world: VirtualClock;
  readonly #random: Random;
  doom: Doom | null = null;
  /** Every trip takes this many times longer. */
  slowness = 1;

  constructor(process: Mortal, world: VirtualClock, random: Random) {
    this.#process = process;
    this.#world = world;
    this.#random = random;
  }

  call<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const doomed = this.#dooms();
    if (doomed === 'before') this.#process.kill();
    if (!this.#process.alive) return promise;
    this.#world.after(this.tripMs(), () => {
      // A dead process's request may have been sent or not.
      if (!this.#process.alive && this.#random() < 0.5) return;
      const back = (action: () => void) => {
        if (doomed === 'after') this.#process.kill();
        this.#world.after(this.tripMs(), () => this.#process.enter(action));
      };
      machine.answer(work).then(
        (result) => back(() => resolve(result)),
        (error) => back(() => reject(error)),
      );
    });
    return promise;
  }

  /** A port whose every method is a call that returns a promise. `port` returns the machine's present engine. */
  port<T extends object>(machine: Machine, port: () => T): T {
    const methods = new Map<PropertyKey, unknown>();
    return new Proxy({} as T, {
      get: (_, name) => {
        if (name === Symbol.asyncDispose) return async () => {};
        // The proxy itself is not a promise.
        if (name === 'then') return undefined;
        let method = methods.get(name);
        if (method === undefined) {
          method = (...args: unknown[]) => {
            const sent = structuredClone(args);
            return this.call(machine, async () => {
              const target = port() as { [name: PropertyKey]: (...args: unknown[]) => Promise<unknown> };
              return structuredClone(await target[name]?.(...sent));
            });
          };
          methods.set(name, method);
        }
        return method;
      },
    });
  }

  #dooms(): Doom['when'] | null {
    if (this.doom === null || --this.doom.calls > 0) return null;
    const { when } = this.doom;
    this.doom = null;
    return when;
  }

  /** One way, in ms: mostly well under a millisecond, occasionally much longer. */
  tripMs(): number {
    const roll = this.#random();
    const ms = roll < 0.9 ? 0.1 + roll : roll < 0.99 ? 2 + 50 * (roll - 0.9) * 10 : 100 + 5_000 * (roll - 0.99);
    return ms * this.slowness;
  }
}
