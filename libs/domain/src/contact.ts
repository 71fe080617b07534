import type { UserId } from './conversation/conversation-id.ts';

/** `outgoing`: the owner asked. `incoming`: the other asked. `contact`: both agreed. */
export const CONTACT_STATES = ['outgoing', 'incoming', 'contact'] as const;
export type ContactState = (typeof CONTACT_STATES)[number];

/** One side of a relation between two users: what its owner sees. */
export interface Contact {
  userId: UserId;
  other: UserId;
  state: ContactState;
  /** Unix ms of the last change of `state`. */
  at: number;
}

export interface Block {
  userId: UserId;
  /** Who is blocked. */
  other: UserId;
  /** Unix ms. */
  at: number;
}
