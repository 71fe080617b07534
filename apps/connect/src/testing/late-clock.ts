import type { Clock } from '@chasqui/domain';

/** A clock whose timers fire when the test says so, however late. `start`: ms. */
export function lateClock(start = 0) {
  let now = start;
  const timers: (() => void)[] = [];
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    after(_, callback) {
      timers.push(callback);
      return {
        cancel() {
          const at = timers.indexOf(callback);
          if (at !== -1) timers.splice(at, 1);
        },
      };
    },
  };
  return {
    clock,
    timers,
    pass(ms: number) {
      now += ms;
    },
    fire: () => timers.shift()?.(),
  };
}
