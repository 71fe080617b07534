/** 1–64 of `a–z 0–9`: the name of a blob. */
export type BlobKey = string;
export const BLOB_KEY_PATTERN = '^[0-9a-z]{1,64}$';

/**
 * Stores blobs by name. `MomentPictures` records each name before its blob is put here and until it is removed, so that
 * no blob is orphaned. Errors: `store_unavailable` (repeat: every call is idempotent), `internal` for an invalid key.
 */
export interface BlobStore extends AsyncDisposable {
  /** Once resolved, the blob is durable. Readers never see a part of it. An existing key is replaced. */
  put(key: BlobKey, bytes: Uint8Array): Promise<void>;
  /**
   * The bytes as a stream; null: no such blob. The stream reads no faster than the caller consumes, so that a slow
   * reader uses no memory. If the rest cannot be read, the stream fails with `store_unavailable`: the caller never
   * mistakes a part for the whole.
   */
  get(key: BlobKey): Promise<AsyncIterable<Uint8Array> | null>;
  /** An absent key is not an error. */
  remove(key: BlobKey): Promise<void>;
  /** Resolves if the store can take work now. */
  ping(): Promise<void>;
}
