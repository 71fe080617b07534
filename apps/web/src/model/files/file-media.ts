import type { AttachedFile, AttachedMedia } from '@chasqui/domain';

/** What is told of a picture, a video or a sound before its bytes are there. Empty: nothing. */
export function mediaOf({ media = {} }: AttachedFile): AttachedMedia {
  return media;
}

/** A picture that is loaded only when the user asks, and by its element, is larger. */
const LIGHT_BYTES = 8 * 1024 * 1024;

/** Whether what is shown of a picture, at this many pixels of its longest side or as a whole, is large. */
export function isLarge(file: AttachedFile, side = Number.POSITIVE_INFINITY): boolean {
  return file.size > LIGHT_BYTES && thumbnailFor(file, side) === undefined;
}

/** Width by height; undefined if it is not told. */
export function ratioOf(file: AttachedFile): number | undefined {
  const { width, height } = mediaOf(file);
  return width === undefined || height === undefined ? undefined : width / height;
}

/** The smallest thumbnail of at least this many pixels; undefined: the file itself is to be shown. */
export function thumbnailFor(file: AttachedFile, side: number) {
  return mediaOf(file)
    .thumbnails?.toSorted((a, b) => a - b)
    .find((longest) => longest >= side);
}
