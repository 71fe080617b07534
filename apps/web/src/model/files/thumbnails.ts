import type { AttachedFile } from '@chasqui/domain';
import { kindOfType } from './file-kind.ts';
import { mediaOf } from './file-media.ts';

/** A picture that is loaded only when the user asks, and by its element, is larger. */
const LIGHT_BYTES = 8 * 1024 * 1024;

/** Whether the file's own bytes can be shown as a picture: those of a video cannot. */
export function isPicture({ type }: AttachedFile): boolean {
  return kindOfType(type) === 'picture';
}

/** Whether what is shown of a picture, at this many pixels of its longest side or as a whole, is large. */
export function isLarge(file: AttachedFile, side = Number.POSITIVE_INFINITY): boolean {
  return file.size > LIGHT_BYTES && thumbnailFor(file, side) === undefined;
}

/**
 * The smallest thumbnail of at least this many pixels. Undefined: the file itself is to be shown, or, of what is no
 * picture, nothing; such a file is shown by its largest thumbnail, however small.
 */
export function thumbnailFor(file: AttachedFile, side: number) {
  const sizes = mediaOf(file).thumbnails?.toSorted((a, b) => a - b);
  return sizes?.find((longest) => longest >= side) ?? (isPicture(file) ? undefined : sizes?.at(-1));
}
