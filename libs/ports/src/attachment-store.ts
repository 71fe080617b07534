import type { Attachment, AttachmentId, AttachmentOutcome, PublicId, UserId } from '@chasqui/domain';
import type { MessageKey } from './message-store.ts';

/** An attachment whose bytes are still to come. */
export type NewAttachment = Omit<Attachment, 'state' | 'reason' | 'isCleaned'>;

/** An attachment that is, or is to be, a profile picture. */
export interface PublicPicture {
  attachment: Attachment;
  /** It is the picture of a user or a group now. */
  isShown: boolean;
}

/**
 * The ledger of attachments, and what refers to them. References of messages are written by `ConversationStore.record` and
 * dropped by `act`, in their transactions, and kept for legal holds by `HoldStore`. Those of profile pictures are written
 * and dropped by `ProfileStore` and `GroupStore`. An attachment is listed before its
 * bytes are put anywhere and until they are deleted, so that no blob is orphaned. A resolved write survives kill -9.
 * Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface AttachmentStore extends AsyncDisposable {
  /** Adds an attachment in the state *uploading*. Errors: `limit_reached`, beyond `ATTACHMENT_LIMITS.maxOpenUploads`. */
  reserve(attachment: NewAttachment): Promise<void>;
  /** In the order of the ids; null: there is none. */
  get(ids: readonly AttachmentId[]): Promise<(Attachment | null)[]>;
  /**
   * Ends the state *uploading*; an attachment in another state stays as it is. `at`: Unix ms. Returns the attachment as
   * it is then; null: there is none.
   */
  settle(id: AttachmentId, outcome: AttachmentOutcome, at: number): Promise<Attachment | null>;
  /** The attachment, if that message refers to it; else null. */
  attached(id: AttachmentId, message: MessageKey): Promise<Attachment | null>;
  /** The attachment that has this public id, and whether a user or a group shows it; null: there is none. */
  pictured(id: PublicId): Promise<PublicPicture | null>;
  /** Makes these attachments of the owner, or all of them, *due* unless something refers to them. Returns how many. */
  abandon(owner: UserId, ids: readonly AttachmentId[] | 'all'): Promise<number>;
  /**
   * Attachments whose bytes are to be deleted, which makes them *due*: abandoned and refused ones, and those without a
   * reference whose time (`ATTACHMENT_LIMITS`) is over at `now`. At most `limit`; repeated calls return the same ones
   * until they are struck.
   */
  due(now: number, limit: number): Promise<AttachmentId[]>;
  /** Removes attachments whose bytes are deleted. Those that are not *due* stay. */
  strike(ids: readonly AttachmentId[]): Promise<void>;
  /** All attachments in the order of their ids, those behind `after`. */
  page(after: AttachmentId | '', limit: number): Promise<Attachment[]>;
  ping(): Promise<void>;
}
