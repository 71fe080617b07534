import type { AttachedFile } from '@chasqui/domain';
import type { CSSProperties } from 'react';
import { thumbPicture } from '../../model/files/thumb-picture.ts';

/** The background of a place whose picture is not there yet: the blurred one that its message has. Without a file: none. */
export function blurred(file: AttachedFile | undefined): CSSProperties {
  const address = file && thumbPicture(file);
  return address === undefined ? {} : { backgroundImage: `url(${address})`, backgroundSize: 'cover' };
}
