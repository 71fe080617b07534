const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const satisfies [Intl.RelativeTimeFormatUnit, number][];

/** When a wait of this many ms ends, in the user's language, rounded up: "in 3 minutes". */
export function soon(waitMs: number, locale: string): string {
  const [unit, ms] = UNITS.find(([, length]) => waitMs >= length) ?? (['second', 1_000] as const);
  return new Intl.RelativeTimeFormat(locale).format(Math.max(1, Math.ceil(waitMs / ms)), unit);
}
