import { hueOf, initialOf } from '../model/avatar.ts';

/** A user's initial on their colour, with a dot when they are online. The name is displayed beside it. */
export function Avatar({ userId, online = false }: { userId: string; online?: boolean }) {
  return (
    <span className="avatar" data-hue={hueOf(userId)} data-online={online} aria-hidden="true">
      {initialOf(userId)}
    </span>
  );
}
