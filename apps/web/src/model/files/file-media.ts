import type { AttachedFile, AttachedMedia } from '@chasqui/domain';

/** What is told of a picture, a video or a sound before its bytes are there. Empty: nothing. */
export function mediaOf({ media = {} }: AttachedFile): AttachedMedia {
  return media;
}

/** Width by height; undefined if it is not told. */
export function ratioOf(file: AttachedFile): number | undefined {
  const { width, height } = mediaOf(file);
  return width === undefined || height === undefined ? undefined : width / height;
}
