/** The number of avatar colours, as in `.avatar[data-hue]` of the styles. */
const HUES = 8;

/** The same for a user on every device. */
export function hueOf(userId: string): number {
  let sum = 0;
  for (const character of userId) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum % HUES;
}

export function initialOf(userId: string): string {
  return (/[A-Za-z0-9]/.exec(userId)?.[0] ?? userId.charAt(0)).toUpperCase();
}
