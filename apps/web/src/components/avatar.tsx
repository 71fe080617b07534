/** The number of avatar colours, as in `.avatar[data-hue]` of the styles. */
const HUES = 8;

/** A user's initial on their colour, with a dot when they are online. The name is displayed beside it. */
export function Avatar({ userId, online = false }: { userId: string; online?: boolean }) {
  return (
    <span className="avatar" data-hue={hueOf(userId)} data-online={online} aria-hidden="true">
      {initialOf(userId)}
    </span>
  );
}

/** The same for a user on every device. */
function hueOf(userId: string): number {
  let sum = 0;
  for (const character of userId) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum % HUES;
}

function initialOf(userId: string): string {
  return (/[A-Za-z0-9]/.exec(userId)?.[0] ?? userId.charAt(0)).toUpperCase();
}
