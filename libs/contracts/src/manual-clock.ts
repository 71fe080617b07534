import type { Clock, Timer } from '@chasqui/domain';

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves the time and runs each timer at its due time; all ready promises run in between. */
  advance(ms: number): Promise<void>;
}

interface Pending {
  due: number;
  callback: () => void;
}

/** Resolves after everything that can run without time passing has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** For tests of code that takes a `Clock`. Timers due at the same time run in the order in which they were set. */
export function createManualClock(start = Date.UTC(2026, 0, 1)): ManualClock {
  let elapsed = 0;
  const pending = new Set<Pending>();
  const nextDue = (limit: number): Pending | undefined => {
    let first: Pending | undefined;
    for (const timer of pending) {
      if (timer.due <= limit && (first === undefined || timer.due < first.due)) first = timer;
    }
    return first;
  };
  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    after(delayMs, callback): Timer {
      const timer = { due: elapsed + Math.max(0, delayMs), callback };
      pending.add(timer);
      return { cancel: () => pending.delete(timer) };
    },
    async advance(ms) {
      const target = elapsed + ms;
      await settled();
      for (let timer = nextDue(target); timer !== undefined; timer = nextDue(target)) {
        elapsed = Math.max(elapsed, timer.due);
        pending.delete(timer);
        timer.callback();
        await settled();
      }
      elapsed = target;
    },
  };
}
