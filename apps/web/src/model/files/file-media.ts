import type { AttachedFile } from '@chasqui/domain';

/** What is told of a picture, a video or a sound before its bytes are there. */
export interface FileMedia {
  /** Pixels as it is shown. */
  width?: number;
  height?: number;
  durationMs?: number;
  /** How loud a sound is, 0–100, in parts of equal length. */
  waveform?: readonly number[];
  /** The longest sides of the thumbnails that the server has. */
  thumbnails?: readonly number[];
  /** Why the server did not look into it. */
  omitted?: string;
}

/** Empty where the server tells nothing. */
export function mediaOf(file: AttachedFile & { media?: FileMedia }): FileMedia {
  return file.media ?? {};
}

/** Width by height; undefined if it is not told. */
export function ratioOf(file: AttachedFile): number | undefined {
  const { width, height } = mediaOf(file);
  return width === undefined || height === undefined ? undefined : width / height;
}
