/** 1–64 of `a–z 0–9`: the name of a blob. */
export type BlobKey = string;
export const BLOB_KEY_PATTERN = '^[0-9a-z]{1,64}$';

/** The bytes of a blob from the one at `from` to the one at `to`, both included; counted from 0. */
export interface ByteRange {
  from: number;
  to: number;
}

/**
 * Stores blobs by name. `MomentPictures` and `AttachmentStore` record each name before its blob is put here and until it
 * is removed, so that no blob is orphaned. Errors: `store_unavailable` (repeat: every call is idempotent), `internal` for an invalid key.
 */
export interface BlobStore extends AsyncDisposable {
  /** Once resolved, the blob is durable. Readers never see a part of it. An existing key is replaced. */
  put(key: BlobKey, bytes: Uint8Array): Promise<void>;
  /**
   * The bytes as a stream; null: no such blob. The stream reads no faster than the caller consumes, so that a slow
   * reader uses no memory. If the rest cannot be read, the stream fails with `store_unavailable`: the caller never
   * mistakes a part for the whole. `range`: only these bytes, of which the blob has all.
   */
  get(key: BlobKey, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | null>;
  /** Also removes what was uploaded under the key. An absent key is not an error. */
  remove(key: BlobKey): Promise<void>;
  /** Resolves if the store can take work now. */
  ping(): Promise<void>;
  /** Absent: large blobs do not come in through this process. */
  readonly uploads?: BlobUploads;
}

/**
 * Large blobs that come in pieces, over many calls and processes. What is uploaded under a key is seen by these calls
 * alone until `finish` makes it the key's blob. Nothing is ever written over bytes that are there: they are what a check
 * has read. Errors: as of `BlobStore`.
 */
export interface BlobUploads {
  /** How many bytes are there; of a finished upload: of its blob. 0: nothing was uploaded. */
  size(key: BlobKey): Promise<number>;
  /**
   * Appends the pieces as they come, no faster than they are stored; they are durable once it resolves. Bytes beyond
   * `limit`, the size of the whole, are refused: `content_too_large`. If the pieces fail or the process is killed, what
   * was appended stays.
   */
  append(key: BlobKey, pieces: AsyncIterable<Uint8Array>, limit: number): Promise<void>;
  /** What was uploaded so far, or the blob of a finished upload; null: neither. */
  read(key: BlobKey): Promise<AsyncIterable<Uint8Array> | null>;
  /** What was uploaded becomes the blob. May be repeated. */
  finish(key: BlobKey): Promise<void>;
}
