/** `Retry-After` (RFC 9110, section 10.2.3: seconds or a date) as ms from `now` (Unix ms), at most `maxMs`; undefined: not given. */
export function retryAfterMs(header: string | null | undefined, now: number, maxMs: number): number | undefined {
  if (header == null || header === '') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(maxMs, Math.max(0, ms));
}
