/**
 * The `pushedMs` field of an event: for each message, how many ms before `now` it was pushed, or -1 if it was not. The
 * field is absent if no message was pushed. All times are monotonic ms.
 */
export function pushAges(pushedAt: readonly (number | undefined)[], now: number): { pushedMs?: number[] } {
  if (pushedAt.every((at) => at === undefined)) return {};
  return { pushedMs: pushedAt.map((at) => (at === undefined ? -1 : Math.max(0, Math.round(now - at)))) };
}
