import type { UserId } from './conversation/conversation-id.ts';

/** Like a message id: 24 hexadecimal digits that sort by time. Comment ids have the same format. */
export type MomentId = string;
/** 32 random hexadecimal digits, which cannot be guessed. */
export type PictureId = string;

export const PICTURE_ID_PATTERN = '^[0-9a-f]{32}$';

/** Picture formats, detected from the content. Formats that can carry scripts (SVG) are excluded. */
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const;
export type PictureType = (typeof PICTURE_TYPES)[number];

export interface Picture {
  pictureId: PictureId;
  type: PictureType;
  bytes: number;
  /** Pixels. */
  width: number;
  height: number;
}

/** What a user posts. */
export interface NewMoment {
  momentId: MomentId;
  author: UserId;
  /** The author's idempotency key, 1–64 characters: a retried post has the same key. */
  clientMomentId: string;
  /** May be empty if there are pictures. */
  text: string;
  /** Uploaded by the author earlier, and not yet in a moment. */
  pictureIds: readonly PictureId[];
  /** The contacts of the author who see the moment; null: all of them. */
  chosen: readonly UserId[] | null;
  /** Unix ms. */
  at: number;
}

export interface Moment extends Omit<NewMoment, 'pictureIds'> {
  pictures: Picture[];
  /** Number of likes and of comments. */
  likes: number;
  comments: number;
}

export interface MomentLike {
  userId: UserId;
  /** Unix ms. */
  at: number;
}

export interface MomentComment {
  momentId: MomentId;
  commentId: MomentId;
  author: UserId;
  /** The author's idempotency key, 1–64 characters, unique among the author's comments on the moment. */
  clientCommentId: string;
  text: string;
  /** Unix ms. */
  at: number;
}
