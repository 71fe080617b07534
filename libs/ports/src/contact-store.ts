import type { Block, Contact, ContactState, UserId } from '@chasqui/domain';

export interface RelationPage {
  /** Only others whose id is above it, by code units: the last of the page before. */
  after?: UserId;
  limit: number;
}

/**
 * Who knows whom. A relation has two sides, which always agree (`outgoing` and `incoming`, or both `contact`): every
 * call is one transaction over both, also against a `BlockStore.block` of the same pair at the same time. What a user has by
 * own choice, contacts and outgoing requests, is bounded by `PEOPLE_LIMITS.maxContactsPerUser`; what others ask, incoming
 * requests, by `maxIncomingRequests` and on its own, so that strangers can fill nobody's list. Errors: `store_unavailable`
 * (repeat: every call is idempotent).
 */
export interface ContactStore extends AsyncDisposable {
  /**
   * `userId` asks `other`. Asked by the other before: both are contacts now. Asked before, or contacts: nothing changes,
   * also not the time. `blocked`: one of the two blocks the other, nothing was written. Returns the asker's side.
   * Where too many wait for `other`'s answer, the relation that has waited longest ends for both of its sides. Errors:
   * `limit_reached` when the asker has as many as there may be.
   */
  request(userId: UserId, other: UserId, at: number): Promise<ContactState | 'blocked'>;
  /** Makes contacts of the two if `other` has asked. False: there was no such request. Errors: `limit_reached`, as for a request. */
  accept(userId: UserId, other: UserId, at: number): Promise<boolean>;
  /** Ends the relation for both, whatever its state or, with `only`, if the caller's side has that state: decline (`incoming`), withdraw (`outgoing`), part (`contact`). Returns the side that was, null: there was none. */
  remove(userId: UserId, other: UserId, only?: ContactState): Promise<ContactState | null>;
  /** The user's side towards each, in the order asked; null: none. */
  states(userId: UserId, others: readonly UserId[]): Promise<(ContactState | null)[]>;
  /** One user's side, of one state or all, by the other's id. */
  list(userId: UserId, page: RelationPage & { state?: ContactState }): Promise<Contact[]>;
  ping(): Promise<void>;
}

/** Who wants nothing of whom. Errors: `store_unavailable` (repeat: every call is idempotent). */
export interface BlockStore extends AsyncDisposable {
  /**
   * Blocks `other`, and ends a relation of the two for both, in one transaction. False: it was so before, with its time.
   * Bound: `PEOPLE_LIMITS.maxBlocksPerUser`. Errors: `limit_reached`.
   */
  block(userId: UserId, other: UserId, at: number): Promise<boolean>;
  /** False: it was not blocked. */
  unblock(userId: UserId, other: UserId): Promise<boolean>;
  /** Whether `userId` blocks `other`, for each pair in the order asked. */
  blocked(pairs: readonly { userId: UserId; other: UserId }[]): Promise<boolean[]>;
  /** Whom one user blocks, by the other's id. */
  list(userId: UserId, page: RelationPage): Promise<Block[]>;
  ping(): Promise<void>;
}
