import type { Clock } from '@chasqui/domain';
import { afterEach, beforeEach, expect } from 'vitest';

/** What a contract suite needs of an adapter: how to make it, and how its time passes. */
export interface Harness<T> {
  /** A fresh, empty engine. */
  create(): Promise<T>;
  /**
   * Only of durable engines: kills the one made last without a goodbye (as kill -9 would) and opens its data again.
   * Calls that the dead one had not answered may stay open.
   */
  reopen?(): Promise<T>;
  /** The time that the engine itself goes by. */
  clock: Clock;
  /** Lets that time pass: a manual clock is moved, real engines wait. Resolves when what was due has run. */
  advance(ms: number): Promise<void>;
  /** Cases per property test; fewer for an engine whose every case costs seconds. Default 30. */
  propertyRuns?: number;
}

/** The engine under test, made anew for each test. */
export interface Subject<T> {
  readonly current: T;
  /** Replaces it by another fresh one: for property tests, which need many. */
  fresh(): Promise<T>;
  /** See `Harness.reopen`. */
  reopen(): Promise<T>;
}

/** Makes an engine before each test of the surrounding `describe`, and disposes it after. */
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
