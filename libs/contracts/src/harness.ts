import type { Clock } from '@chasqui/domain';
import { afterEach, beforeEach, expect } from 'vitest';

/** What a contract suite needs of an adapter: how to create it, and how to pass its time. */
export interface Harness<T> {
  /** A fresh, empty engine. */
  create(): Promise<T>;
  /**
   * Only for durable engines: kills the last one abruptly (as kill -9 would) and opens its data again. Calls in flight
   * may stay pending.
   */
  reopen?(): Promise<T>;
  /** The engine's own clock. */
  clock: Clock;
  /** Lets that time pass: a manual clock is moved, real engines wait. Resolves when everything due has run. */
  advance(ms: number): Promise<void>;
  /** Cases per property test; fewer for an engine whose every case costs seconds. Default 30. */
  propertyRuns?: number;
}

/** The engine under test, made anew for each test. */
export interface Subject<T> {
  readonly current: T;
  /** Replaces it by a new empty one: property tests need many. */
  fresh(): Promise<T>;
  /** See `Harness.reopen`. */
  reopen(): Promise<T>;
}

/** Creates an engine before each test of the surrounding `describe`, and disposes it after. */
export function subjectOf<T>(harness: Harness<T>, parts: (engine: T) => readonly AsyncDisposable[]): Subject<T> {
  let engine: T | undefined;
  const current = (): T => {
    if (engine === undefined) throw new Error('the engine exists only inside a test');
    return engine;
  };
  const dispose = async (): Promise<void> => {
    if (engine === undefined) return;
    const old = engine;
    engine = undefined;
    for (const part of parts(old)) await part[Symbol.asyncDispose]();
  };
  const fresh = async (): Promise<T> => {
    await dispose();
    engine = await harness.create();
    return engine;
  };
  beforeEach(async () => {
    await fresh();
  });
  afterEach(dispose);
  return {
    get current() {
      return current();
    },
    fresh,
    async reopen() {
      if (harness.reopen === undefined) throw new Error('this engine is not durable');
      engine = await harness.reopen();
      return engine;
    },
  };
}

/** Lets time pass in small steps until the condition holds; fails with `what` when it does not within `withinMs`. */
export async function until(
  harness: Pick<Harness<unknown>, 'advance' | 'clock'>,
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const deadline = harness.clock.monotonic() + withinMs;
  await harness.advance(0);
  while (!(await condition())) {
    if (harness.clock.monotonic() > deadline) expect.fail(`not within ${withinMs} ms: ${what}`);
    await harness.advance(10);
  }
}
