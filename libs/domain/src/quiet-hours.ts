import type { QuietHours } from './profile.ts';

export const TIME_OF_DAY_PATTERN = '^(?:[01][0-9]|2[0-3]):[0-5][0-9]$';

/** Whether the name is a time zone known to this process. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The wall clock as `HH:MM`. */
function timeOfDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' }).format(
    at,
  );
}

/** Whether notifications are suppressed at `at` (Unix ms). An unknown time zone suppresses nothing. */
export function isQuiet(quietHours: QuietHours | null, at: number): boolean {
  if (quietHours === null || !isTimeZone(quietHours.timeZone)) return false;
  const { from, to, timeZone } = quietHours;
  const now = timeOfDay(at, timeZone);
  return from < to ? from <= now && now < to : from <= now || now < to;
}
