import { MEDIA_LIMITS, type PictureSide, THUMB_HASH_PATTERN, type ThumbnailSize } from '@chasqui/domain';
import type { MediaLook, Thumbnail } from '@chasqui/ports';

/** What the process that decodes pictures is to do. */
export interface PictureJob<Size extends AnySize = ThumbnailSize> {
  path: string;
  maxPixels: number;
  /** Of the thumbnails, in order. */
  sizes: readonly Size[];
  /**
   * `poster`: it is a frame of a video, which always has a thumbnail, as the video itself is none. `squares`: of its middle,
   * of each size or as large as it is.
   */
  shape: 'picture' | 'poster' | 'squares';
}

export type AnySize = ThumbnailSize | PictureSide;

export type PictureAnswer =
  | {
      width: number;
      height: number;
      /** How many pictures are in it. */
      pages: number;
      thumbHash: string;
      thumbnails: readonly { size: AnySize; base64: string }[];
    }
  | { omitted: 'too_large' | 'unreadable'; message?: string };

const MAX_THUMBNAIL_BYTES = 1024 * 1024;
const hash = new RegExp(THUMB_HASH_PATTERN);

/**
 * What the process answered, checked as everything from outside: a decoder that was taken over may say anything. Errors:
 * if it is no answer.
 */
export function lookOf<Size extends AnySize>(line: string, sizes: readonly Size[]): MediaLook<Size> {
  const answer = JSON.parse(line) as Partial<{ [field: string]: unknown }>;
  const { omitted, width, height, pages, thumbHash, thumbnails } = answer;
  if (omitted === 'too_large' || omitted === 'unreadable') return { media: { omitted }, thumbnails: [] };
  if (!isSide(width) || !isSide(height) || typeof thumbHash !== 'string' || !hash.test(thumbHash)) {
    throw new Error('no answer of the picture process');
  }
  const kept = Array.isArray(thumbnails) ? thumbnails.map((one) => thumbnailOf(one, sizes)) : [];
  const media = {
    width,
    height,
    thumbHash,
    ...(Number(pages) > 1 && { animated: true as const }),
  };
  return { media, thumbnails: kept };
}

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MEDIA_LIMITS.maxSide;
}

function thumbnailOf<Size>({ size, base64 }: { size: Size; base64: string }, sizes: readonly Size[]): Thumbnail<Size> {
  const bytes = Buffer.from(String(base64), 'base64');
  const isWebp = bytes.toString('latin1', 8, 12) === 'WEBP';
  if (!sizes.includes(size) || bytes.length > MAX_THUMBNAIL_BYTES || !isWebp) {
    throw new Error('no thumbnail of the picture process');
  }
  return { size, bytes };
}
