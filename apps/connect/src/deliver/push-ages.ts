/**
 * The `pushedMs` field of an event: how many ms before now each message was pushed, -1 for one that was not; absent where none was.
 * All times are monotonic ms.
 */
export function pushAges(pushedAt: readonly (number | undefined)[], now: number): { pushedMs?: number[] } {
  if (pushedAt.every((at) => at === undefined)) return {};
  return { pushedMs: pushedAt.map((at) => (at === undefined ? -1 : Math.max(0, Math.round(now - at)))) };
}
