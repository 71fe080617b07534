import { type AttachedFile, BoundedMap } from '@chasqui/domain';
import { thumbHashToDataURL } from 'thumbhash';
import { mediaOf } from './file-media.ts';

/** Pictures that are kept drawn: some 5 kB each. */
const MAX_DRAWN = 300;
const drawn = new BoundedMap<string, string>(MAX_DRAWN);

/**
 * The address of the blurred picture that a message has of a picture or a video, to be shown until the file is there;
 * undefined: it has none. Source: https://evanw.github.io/thumbhash/.
 */
export function thumbPicture(file: AttachedFile): string | undefined {
  const { thumbHash } = mediaOf(file);
  if (thumbHash === undefined) return undefined;
  const known = drawn.use(thumbHash);
  if (known !== undefined) return known;
  const address = thumbHashToDataURL(Uint8Array.from(atob(thumbHash), (character) => character.charCodeAt(0)));
  drawn.set(thumbHash, address);
  return address;
}
