import type { UserId } from './conversation/conversation-id.ts';

/** As a message id: 24 hexadecimal digits whose order is the order of time. Comments have ids of the same kind. */
export type MomentId = string;
/** 32 random hexadecimal digits: nobody guesses one. */
export type PictureId = string;

export const PICTURE_ID_PATTERN = '^[0-9a-f]{32}$';

/** What a picture may be, by its content. Formats that can carry scripts (SVG) are none of them. */
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
  /** The author's idempotency key, 1–64 characters: a repeated post carries the same one. */
  clientMomentId: string;
  /** May be empty when there are pictures. */
  text: string;
  /** Uploaded by the author before, and in no moment yet. */
  pictureIds: readonly PictureId[];
  /** Who of the author's contacts sees it; null: all of them. */
  chosen: readonly UserId[] | null;
  /** Unix ms. */
  at: number;
}

export interface Moment extends Omit<NewMoment, 'pictureIds'> {
  pictures: Picture[];
  /** How many like it, and how many comments it has. */
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
