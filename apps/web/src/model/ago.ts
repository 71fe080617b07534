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
