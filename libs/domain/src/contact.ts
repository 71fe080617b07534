import type { UserId } from './conversation/conversation-id.ts';

/** `outgoing`: the owner sent a request. `incoming`: the other user did. `contact`: both agreed. */
export const CONTACT_STATES = ['outgoing', 'incoming', 'contact'] as const;
export type ContactState = (typeof CONTACT_STATES)[number];

/** One side of a relation between two users, as its owner sees it. */
export interface Contact {
  userId: UserId;
  other: UserId;
  state: ContactState;
  /** Unix ms of the last change of `state`. */
  at: number;
}

export interface Block {
  userId: UserId;
  /** The blocked user. */
  other: UserId;
  /** Unix ms. */
  at: number;
}
