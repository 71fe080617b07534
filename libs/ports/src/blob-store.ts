/** 1–64 of `a–z 0–9`: the name of a blob. */
export type BlobKey = string;
export const BLOB_KEY_PATTERN = '^[0-9a-z]{1,64}$';

/**
 * Keeps pieces of bytes by name. Which ones there should be is written elsewhere (`MomentPictures`) before they are put
 * here and until they are removed, so that none is ever forgotten. Errors: `store_unavailable` (repeat: every call is
 * idempotent), `internal` for a key that is none.
 */
export interface BlobStore extends AsyncDisposable {
  /** Once resolved it is durable, and whole for every reader from the first moment on. The same key again replaces it. */
  put(key: BlobKey, bytes: Uint8Array): Promise<void>;
  /**
   * The bytes in pieces; null: there is none. Reads as fast as the caller takes them, so that a slow one costs no memory.
   * Fails with `store_unavailable` on the way when the rest cannot be had: the caller never takes a part for the whole.
   */
  get(key: BlobKey): Promise<AsyncIterable<Uint8Array> | null>;
  /** One that is not there is no error. */
  remove(key: BlobKey): Promise<void>;
  /** Whether it would take work now. */
  ping(): Promise<void>;
}
