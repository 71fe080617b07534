import type { UserId } from './conversation/conversation-id.ts';
import { type AttachedMedia, THUMBNAIL_SIZES, type ThumbnailSize } from './media.ts';
import { LARGEST_SIDE, PICTURE_SIDES, type PictureSide, type PublicId } from './public-picture.ts';

/** 32 hexadecimal digits, random: nobody guesses one. Also the name of its blob. */
export type AttachmentId = string;
export const ATTACHMENT_ID_PATTERN = '^[0-9a-f]{32}$';

/** What a message says of a file that it carries. All but the id is what the server knows of the upload. */
export interface AttachedFile {
  id: AttachmentId;
  /** As the sender named it; without a path. */
  name: string;
  /** Bytes. */
  size: number;
  /** The media type by its content; `application/octet-stream` if that is not known. */
  type: string;
  /** Only of pictures, videos and sounds. */
  media?: AttachedMedia;
}

/**
 * `uploading`: its bytes are on their way, or being checked. `ready`: they are what was announced. `refused`: they are
 * not. `due`: it is to be deleted, and no message can refer to it any more.
 */
export const ATTACHMENT_STATES = ['uploading', 'ready', 'refused', 'due'] as const;
export type AttachmentState = (typeof ATTACHMENT_STATES)[number];

/**
 * Why an upload was refused. `checksum_wrong`: its bytes do not have the announced digest. `infected`: the scanner says
 * so. `not_scanned`: it is larger than the scanner takes. `metadata_unremovable`: it is a picture or a video whose
 * metadata (such as the place where it was taken) the server cannot take out. `not_a_picture`: it is to be a profile
 * picture, and the server cannot decode it as one.
 */
export const ATTACHMENT_REFUSALS = [
  'checksum_wrong',
  'infected',
  'not_scanned',
  'metadata_unremovable',
  'not_a_picture',
] as const;
export type AttachmentRefusal = (typeof ATTACHMENT_REFUSALS)[number];

/** A row of the ledger of attachments. */
export interface Attachment extends AttachedFile {
  owner: UserId;
  /** Of the bytes, as hexadecimal digits: until it is ready, of those announced; then of those that readers get. */
  sha256: string;
  state: AttachmentState;
  /** Only of refused ones. */
  reason?: AttachmentRefusal;
  /** Readers get other bytes than the uploaded ones: see `cleanedKey`. */
  isCleaned?: true;
  /** It is to be a profile picture, and no file of messages: of it, readers get squares alone. */
  publicId?: PublicId;
  /** Unix ms. */
  reservedAt: number;
}

/**
 * What a check of the bytes found. `type`: by their content. `stored`: the bytes that readers get, if they are others
 * than the uploaded ones (without metadata). `media` replaces what was announced.
 */
export type AttachmentOutcome =
  | { state: 'ready'; type: string; stored?: Pick<Attachment, 'size' | 'sha256'>; media?: AttachedMedia }
  | { state: 'refused'; reason: AttachmentRefusal };

/** Bounds of attachments that are no settings. */
export const ATTACHMENT_LIMITS = {
  maxPerMessage: 10,
  /** Code units of a name. */
  maxNameLength: 200,
  /** Uploads of a user that are not complete. */
  maxOpenUploads: 20,
  /** How long an upload may take until it is complete, ms. */
  uploadMs: 24 * 3600 * 1000,
  /** How long an attachment without a reference is kept, from its upload or from the end of its last reference, ms. */
  unusedMs: 24 * 3600 * 1000,
} as const;

/**
 * Who refers to an attachment: a conversation, for its messages; a legal hold, for those that it keeps; a user or a group,
 * for its picture (`PictureHolder`). Of pictures, the message of a reference is empty.
 */
export type AttachmentHolder = string;

/** No conversation has this id. */
export function holderOfHold(holdId: string): AttachmentHolder {
  return `!${holdId}`;
}

/** The ids of the files that a message carries, each once. */
export function attachmentIdsOf({ attachments = [] }: { attachments?: readonly AttachedFile[] }): AttachmentId[] {
  return [...new Set(attachments.map(({ id }) => id))];
}

/** What messages say of an attachment. */
export function attachedFile({ id, name, size, type, media }: Attachment): AttachedFile {
  return { id, name, size, type, ...(media && { media }) };
}

/** The name of the blob of a thumbnail. */
export function thumbnailKey(id: AttachmentId, size: ThumbnailSize): string {
  return `${id}w${size}`;
}

/** The name of the blob of a square of a profile picture. */
export function squareKey(id: AttachmentId, side: PictureSide): string {
  return `${id}s${side}`;
}

/** The name of the blob without metadata, if it was made; the uploaded bytes have the id. */
export function cleanedKey(id: AttachmentId): string {
  return `${id}c`;
}

/** The name of the blob that readers get. */
export function readableKey({ id, isCleaned, publicId }: Pick<Attachment, 'id' | 'isCleaned' | 'publicId'>): string {
  if (publicId !== undefined) return squareKey(id, LARGEST_SIDE);
  return isCleaned ? cleanedKey(id) : id;
}

/** The names of all blobs that an attachment may have. */
export function attachmentKeys(id: AttachmentId): string[] {
  const squares = PICTURE_SIDES.map((side) => squareKey(id, side));
  return [...THUMBNAIL_SIZES.map((size) => thumbnailKey(id, size)), ...squares, cleanedKey(id), id];
}
