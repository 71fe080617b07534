/** Bounds of what is decoded. */
export interface MediaBounds {
  maxPixels: number;
  /** A larger picture is not decoded. Videos and sounds are not read as a whole. */
  maxPictureBytes: number;
  /** Of one picture; of one run of ffmpeg. */
  pictureTimeoutMs: number;
  ffmpegTimeoutMs: number;
  /** Memory that a process can write to; half a gigabyte of the picture process is what Node reserves. */
  pictureMemoryBytes: number;
  ffmpegMemoryBytes: number;
  /** Pictures after which their process is replaced, and how long it waits for the next one. */
  maxJobs: number;
  idleMs: number;
  /** Files that wait to be looked at, pictures and others each; beyond it: `overloaded`. */
  maxWaiting: number;
}

export const DEFAULT_MEDIA_BOUNDS: MediaBounds = {
  maxPixels: 50_000_000,
  maxPictureBytes: 100 * 1024 * 1024,
  pictureTimeoutMs: 10_000,
  ffmpegTimeoutMs: 15_000,
  pictureMemoryBytes: 1280 * 1024 * 1024,
  ffmpegMemoryBytes: 768 * 1024 * 1024,
  maxJobs: 200,
  idleMs: 60_000,
  maxWaiting: 16,
};
