import type { Clock } from '@chasqui/domain';

/**
 * Monotonic ms of the first beat that is at least half a pace from now. Beats are `offsetMs` behind the multiples of the
 * pace on the Unix clock, so those of all processes come together as far as their machines' clocks agree.
 */
export function nextBeat(clock: Clock, paceMs: number, offsetMs = 0): number {
  if (paceMs === 0) return clock.monotonic();
  const soonest = clock.now() + paceMs / 2;
  const since = (soonest + paceMs - (offsetMs % paceMs)) % paceMs;
  return clock.monotonic() + paceMs / 2 + (since === 0 ? 0 : paceMs - since);
}
