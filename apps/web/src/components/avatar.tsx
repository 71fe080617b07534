import { useState } from 'react';
import { useAvatar } from '../hooks/use-avatar.ts';

/** The number of avatar colours, as in `.avatar[data-hue]` of the styles. */
const HUES = 8;

export interface AvatarProps {
  /** Chooses the colour. */
  id: string;
  /** Gives the initial. */
  name?: string;
  /** A group's: shown if it is an emoji or a picture of this server, as this page does not fetch those from elsewhere. */
  picture?: string;
  isGroup?: boolean;
  online?: boolean;
}

/** The picture of a user or a group, or their initial on their colour; with a dot for a user who is online. The name is displayed beside it. */
export function Avatar({ id, name = id, picture = '', isGroup = false, online = false }: AvatarProps) {
  const address = useAvatar(id, picture, isGroup);
  const [failed, setFailed] = useState<string>();
  return (
    <span className="avatar" data-hue={hueOf(id)} data-group={isGroup} data-online={online} aria-hidden="true">
      {isEmoji(picture) ? picture : initialOf(name)}
      {address !== null && address !== failed && (
        // A picture that was taken away in the meantime leaves the initial.
        <img src={address} alt="" decoding="async" draggable={false} onError={() => setFailed(address)} />
      )}
    </span>
  );
}

/** The same for an id on every device. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum % HUES;
}

function initialOf(name: string): string {
  return (/[\p{L}\p{N}]/u.exec(name)?.[0] ?? name.charAt(0)).toUpperCase();
}

function isEmoji(picture: string): boolean {
  return picture.length <= 16 && /^\p{Extended_Pictographic}/u.test(picture);
}
