/** The longest sides of thumbnails, in pixels. */
export type ThumbnailSize = 320 | 1280;
export const THUMBNAIL_SIZES: readonly ThumbnailSize[] = [320, 1280];

/**
 * Why the server did not look into a picture, a video or a sound. `too_large`: it has more pixels or bytes than the
 * server decodes. `timed_out`: decoding took too long, or too much memory. `unreadable`: it cannot be decoded.
 * `unavailable`: this server has nothing to decode it with. Unless it is the last, do not show it before a user asks.
 */
export type MediaOmission = 'too_large' | 'timed_out' | 'unreadable' | 'unavailable';
export const MEDIA_OMISSIONS: readonly MediaOmission[] = ['too_large', 'timed_out', 'unreadable', 'unavailable'];

/** What can be told of a picture, a video or a sound before its bytes are there. */
export interface MediaFacts {
  /** Pixels as it is shown: turned by its orientation. */
  width?: number;
  height?: number;
  durationMs?: number;
  /** How loud a sound is, 0–100, in parts of equal length; at most `MEDIA_LIMITS.maxWaveform`. */
  waveform?: readonly number[];
  /** A blurred picture of some 25 bytes, as base64 (https://evanw.github.io/thumbhash/). */
  thumbHash?: string;
}

/** What messages say of a picture, a video or a sound that they carry. */
export interface AttachedMedia extends MediaFacts {
  /** It has several pictures: an animated GIF or WebP. */
  animated?: true;
  /** The thumbnails that there are, by their longest side. A smaller picture has none: it is one. */
  thumbnails?: readonly ThumbnailSize[];
  /** The facts are what the sender's client announced: the server has not measured them. */
  announced?: true;
  omitted?: MediaOmission;
}

/** Bounds of what clients announce, and of what the server tells. */
export const MEDIA_LIMITS = {
  maxSide: 100_000,
  maxDurationMs: 7 * 24 * 3600 * 1000,
  maxWaveform: 64,
} as const;

/** Of a ThumbHash: 5 to 25 bytes as base64. */
export const THUMB_HASH_PATTERN = '^[A-Za-z0-9+/]{7,34}={0,2}$';
