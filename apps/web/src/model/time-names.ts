/** The local calendar day of a time, as a number that differs from day to day. */
export function dayOf(at: number): number {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** `Today`, `Yesterday`, a weekday within the last week, else the date. */
export function dayName(at: number, now: number, locale: string): string {
  const ago = dayOf(now) - dayOf(at);
  if (ago === 0 || ago === 1) {
    const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-ago, 'day');
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  }
  if (ago > 1 && ago < 7) return new Intl.DateTimeFormat(locale, { weekday: 'long' }).format(at);
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(at);
}

/** The time of day. */
export function timeName(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** Short, for lists: the time today, else the day. */
export function shortName(at: number, now: number, locale: string): string {
  const ago = dayOf(now) - dayOf(at);
  if (ago === 0) return timeName(at, locale);
  if (ago === 1) return dayName(at, now, locale);
  if (ago > 1 && ago < 7) return new Intl.DateTimeFormat(locale, { weekday: 'short' }).format(at);
  return new Intl.DateTimeFormat(locale, { year: '2-digit', month: 'numeric', day: 'numeric' }).format(at);
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const satisfies [Intl.RelativeTimeFormatUnit, number][];

/** The time since `at`, in the user's language: "5 minutes ago", "yesterday". */
export function ago(at: number, now: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const passed = Math.max(0, now - at);
  const [unit, ms] = UNITS.find(([, length]) => passed >= length) ?? (['minute', 60_000] as const);
  return format.format(-Math.floor(passed / ms), unit);
}

/** When a wait of this many ms ends, in the user's language, rounded up: "in 3 minutes". */
export function soon(waitMs: number, locale: string): string {
  const [unit, ms] = UNITS.find(([, length]) => waitMs >= length) ?? (['second', 1_000] as const);
  return new Intl.RelativeTimeFormat(locale).format(Math.max(1, Math.ceil(waitMs / ms)), unit);
}
