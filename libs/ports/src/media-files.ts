import type { AttachedMedia, PictureSide, ThumbnailSize } from '@chasqui/domain';

/** A file that is read here and there. */
export interface FileBytes {
  readonly size: number;
  /** The bytes from the one at `from` on; fewer than `length` only at the end of the file. */
  read(from: number, length: number): Promise<Uint8Array>;
}

/** Other bytes in place of those from the one at `from` to before the one at `to`. */
export interface FileEdit {
  from: number;
  to: number;
  bytes: Uint8Array;
}

/** A file with its edits applied; valid until the `MediaFile` is disposed. */
export interface EditedFile {
  blob: Blob;
  size: number;
  /** Hexadecimal digits. */
  sha256: string;
}

export interface Thumbnail<Size = ThumbnailSize> {
  size: Size;
  /** WebP, without metadata. */
  bytes: Uint8Array;
}

/** What a look into a file found. */
export interface MediaLook<Size = ThumbnailSize> {
  media: AttachedMedia;
  thumbnails: readonly Thumbnail<Size>[];
}

/** A copy of an upload, for as long as it is looked at. */
export interface MediaFile extends FileBytes, AsyncDisposable {
  /** All of it, from the beginning. */
  pieces(): AsyncIterable<Uint8Array>;
  /** `edits`: in order, none over another. Errors: `store_unavailable` if the disk is full. */
  edited(edits: readonly FileEdit[]): Promise<EditedFile>;
  /**
   * What the file shows, decoded in a process of its own, bounded in pixels, time and memory. Never fails: if the file
   * cannot be decoded, `media.omitted` says why. Errors: `overloaded` if too many files wait.
   */
  look(type: string): Promise<MediaLook>;
  /**
   * The middle of a picture as a square of each of `PICTURE_SIDES`, made of its pixels alone; of what moves, its first
   * picture. Fails as `look`: without the squares, `media.omitted` says why.
   */
  squares(type: string): Promise<MediaLook<PictureSide>>;
}

/** Pictures, videos and sounds that are looked at, one after the other. */
export interface MediaFiles extends AsyncDisposable {
  /** Whether pictures are decoded here. */
  readonly hasPictures: boolean;
  /** Copies the pieces to a place of this machine. Errors: `store_unavailable`; those of the pieces. */
  open(pieces: AsyncIterable<Uint8Array>): Promise<MediaFile>;
}
