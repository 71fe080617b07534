/**
 * For events: how many ms before now each message was pushed, -1 for one that was not; nothing where none was.
 * All times are monotonic ms.
 */
export function pushedMs(pushedAt: readonly (number | undefined)[], now: number): { pushedMs?: number[] } {
  if (pushedAt.every((at) => at === undefined)) return {};
  return { pushedMs: pushedAt.map((at) => (at === undefined ? -1 : Math.max(0, Math.round(now - at)))) };
}
