/** 1–64 of `a–z 0–9`: the name of a blob. */
export type BlobKey = string;
export const BLOB_KEY_PATTERN = '^[0-9a-z]{1,64}$';

/** The bytes of a blob from the one at `from` to the one at `to`, both included; counted from 0. */
export interface ByteRange {
  from: number;
  to: number;
}

/** A blob, or an upload that may become one. */
export interface StoredBlob {
  key: BlobKey;
  /** When it was put there or begun, Unix ms. */
  at: number;
}

/**
 * Stores blobs by name. `MomentPictures` and `AttachmentStore` record each name before its blob is put here and until it
 * is removed, so that no blob is orphaned. Errors: `store_unavailable` (repeat: every call is idempotent), `internal` for an invalid key.
 */
export interface BlobStore extends AsyncDisposable {
  /** Once resolved, the blob is durable. Readers never see a part of it. An existing key is replaced. A `Blob` is read as it is stored, so it may be large. */
  put(key: BlobKey, bytes: Uint8Array | Blob): Promise<void>;
  /**
   * The bytes as a stream; null: no such blob. The stream reads no faster than the caller consumes, so that a slow
   * reader uses no memory. If the rest cannot be read, the stream fails with `store_unavailable`: the caller never
   * mistakes a part for the whole. `range`: only these bytes, of which the blob has all.
   */
  get(key: BlobKey, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | null>;
  /** Also removes what was uploaded under the key. An absent key is not an error. */
  remove(key: BlobKey): Promise<void>;
  /** All blobs and uploads, in any order, each perhaps several times; what comes and goes meanwhile may be missing. */
  all(): AsyncIterable<StoredBlob>;
  /** Resolves if the store can take work now. */
  ping(): Promise<void>;
  /** Large blobs come in through this process; absent: not. */
  readonly uploads?: BlobUploads;
  /** Clients put large blobs into the store themselves, and get them from there; absent: not. */
  readonly direct?: DirectBlobs;
}

/**
 * The bytes of an upload, which are checked and then become the blob of its key. What is uploaded under a key is seen by
 * these calls alone until `finish` makes it the key's blob. Errors: as of `BlobStore`.
 */
export interface UploadContent {
  /** How many bytes are there; of a finished upload: of its blob. 0: nothing was uploaded. */
  size(key: BlobKey): Promise<number>;
  /**
   * From then on the first `size` bytes are what they are: nothing changes them, whatever is still on its way. May be
   * repeated. Errors: `upload_conflict` if there are fewer, or others seal or change them at this moment.
   */
  seal(key: BlobKey, size: number): Promise<void>;
  /** What was uploaded and sealed, or the blob of a finished upload; null: neither. */
  read(key: BlobKey): Promise<AsyncIterable<Uint8Array> | null>;
  /** What was uploaded becomes the blob. May be repeated. */
  finish(key: BlobKey): Promise<void>;
}

/** Uploads that come in pieces, over many calls and processes. Nothing is ever written over bytes that are there. */
export interface BlobUploads extends UploadContent {
  /**
   * Appends the pieces as they come, no faster than they are stored; they are durable once it resolves. Bytes beyond
   * `limit`, the size of the whole, are refused: `content_too_large`. If the pieces fail or the process is killed, what
   * was appended stays.
   */
  append(key: BlobKey, pieces: AsyncIterable<Uint8Array>, limit: number): Promise<void>;
}

/** A part of an upload, with a signed address to which its bytes are to be put. */
export interface SignedPart {
  /** From 1. */
  number: number;
  /** Its first byte in the whole. */
  from: number;
  /** Bytes; no other number of them is accepted. */
  size: number;
  /** For `PUT`, for `expiresInS`. Nothing else can be done with it. */
  url: string;
}

export interface MissingParts {
  /** Bytes that are there. */
  sent: number;
  /** In order. Empty: everything is there. */
  parts: SignedPart[];
  expiresInS: number;
}

/** What a blob is given out as, whatever its bytes are. */
export interface BlobHeaders {
  type: string;
  disposition: string;
}

/**
 * Uploads that clients put into the store by signed addresses, and signed addresses of blobs. A client that knows the
 * address of a part can put this part, with this number of bytes, until the upload is sealed or removed.
 */
export interface DirectBlobs extends UploadContent {
  /** The origin of signed addresses. */
  readonly origin: string;
  /**
   * Begins the upload of a new key, and gives its first parts, at most `limit`. To be called once for a key, as each call
   * would begin another upload.
   */
  begin(key: BlobKey, size: number, limit: number): Promise<MissingParts>;
  /** The first missing parts of `size` bytes, at most `limit`; null: no upload is open (see `begin`). */
  missing(key: BlobKey, size: number, limit: number): Promise<MissingParts | null>;
  /** The address of the key's blob, for minutes; also if there is none. */
  link(key: BlobKey, as: BlobHeaders): Promise<{ url: string; expiresInS: number }>;
}
