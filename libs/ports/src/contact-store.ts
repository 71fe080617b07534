import type { Block, Contact, ContactState, UserId } from '@chasqui/domain';

export interface RelationPage {
  /** Only users whose id is above this one, by code units: the last id of the previous page. */
  after?: UserId;
  limit: number;
}

/**
 * Contacts and contact requests. A relation has two sides, which always agree (`outgoing` and `incoming`, or both
 * `contact`): every call is one transaction over both, also against a concurrent `BlockStore.block` of the same pair. A
 * user's contacts and outgoing requests are bounded by `PEOPLE_LIMITS.maxContactsPerUser`. Incoming requests have a
 * separate bound, `maxIncomingRequests`, so that strangers cannot fill a user's list. Errors: `store_unavailable`
 * (repeat: every call is idempotent).
 */
export interface ContactStore extends AsyncDisposable {
  /**
   * `userId` sends a request to `other`. If `other` had sent one, both become contacts. If the request exists or they
   * are contacts, nothing changes, including the time. `blocked`: one of the two blocks the other, and nothing was
   * written. Returns the requester's side. If too many requests wait for `other`'s answer, the oldest one is removed
   * for both users. Errors: `limit_reached` if the requester is at the bound.
   */
  request(userId: UserId, other: UserId, at: number): Promise<ContactState | 'blocked'>;
  /**
   * Makes the two contacts if `other` has sent a request. False: there was no such request. Errors: `limit_reached`, as
   * for `request`.
   */
  accept(userId: UserId, other: UserId, at: number): Promise<boolean>;
  /**
   * Ends the relation for both: in any state or, with `only`, only if the caller's side has that state: decline
   * (`incoming`), withdraw (`outgoing`), part (`contact`). Returns the former state of the caller's side; null: there
   * was no such relation.
   */
  remove(userId: UserId, other: UserId, only?: ContactState): Promise<ContactState | null>;
  /** The user's side of the relation with each of `others`, in their order; null: no relation. */
  states(userId: UserId, others: readonly UserId[]): Promise<(ContactState | null)[]>;
  /** One user's relations, with one state or all, ordered by the other user's id. */
  list(userId: UserId, page: RelationPage & { state?: ContactState }): Promise<Contact[]>;
  ping(): Promise<void>;
}

/** Who blocks whom. Errors: `store_unavailable` (repeat: every call is idempotent). */
export interface BlockStore extends AsyncDisposable {
  /**
   * Blocks `other`, and ends a relation of the two for both, in one transaction. False: `other` was blocked already,
   * and the time is unchanged. Bound: `PEOPLE_LIMITS.maxBlocksPerUser`. Errors: `limit_reached`.
   */
  block(userId: UserId, other: UserId, at: number): Promise<boolean>;
  /** False: `other` was not blocked. */
  unblock(userId: UserId, other: UserId): Promise<boolean>;
  /** Whether `userId` blocks `other`, for each pair in order. */
  blocked(pairs: readonly { userId: UserId; other: UserId }[]): Promise<boolean[]>;
  /** The users that one user blocks, ordered by id. */
  list(userId: UserId, page: RelationPage): Promise<Block[]>;
  ping(): Promise<void>;
}
