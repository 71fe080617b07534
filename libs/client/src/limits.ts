import type { GroupLimits } from './groups/group-limits.ts';
import type { PartLimits } from './part-limits.ts';

/** Every bound of the client, named once (C16). Times in ms. */
export const CLIENT_LIMITS = {
  /** Messages in flight, over all conversations. Further ones wait in the outbox. */
  maxInFlight: 64,
  /** Messages in the outbox, in flight or not, that are not stored yet. Beyond: `send` fails with `overloaded`. */
  maxOutbox: 10_000,
  /**
   * Stored messages whose receipts are followed. Beyond: the oldest one's open promises reject with
   * `deadline_exceeded`.
   */
  maxFollowed: 5_000,
  /** A message without any answer for this long is sent again. Longer than the server's own deadline (5 s). */
  answerTimeoutMs: 12_000,
  /** When a queued message is not stored for this long, the client syncs. */
  storedTimeoutMs: 10_000,
  /** Positions ahead of a gap that are remembered. Beyond: they are forgotten, and the sync brings them. */
  maxAhead: 1_000,
  /** Time for a gap in the positions to close by itself before the client syncs. */
  gapMs: 100,
  /** Updates of one sync page; the server's `maxSyncPage` if that is less. */
  syncPage: 500,
  /** A sync without an answer for this long is repeated. */
  syncTimeoutMs: 10_000,
  /** An online client whose position has not moved for this long (or up to half less) syncs. 0: never. */
  idleSyncMs: 60_000,
  /** A position is confirmed to the server after this long, or after this many updates. */
  confirmMs: 1_000,
  confirmEvery: 100,
  /** Received messages are persisted and acked together, this long after the first one. */
  ackDelayMs: 5,
  /** Live messages beyond the device's position. Beyond: a live message is not shown until the inbox brings it. */
  maxProvisional: 5_000,
  /** A provisional message is dropped if a caught-up sync does not confirm it: when it is older than this, … */
  provisionalGraceMs: 60_000,
  /** … or, if it came on an earlier connection, older than this (the server's publish deadline). */
  earlierGraceMs: 5_000,
  /** Messages remembered as shown, in memory and in the store (and up to a quarter more). Beyond: the oldest are forgotten. */
  maxShown: 4_000,
  /** Messages of a conversation kept in memory. Beyond: the oldest is evicted. */
  maxMessages: 500,
  /** Conversations kept in memory. Beyond: the least recently touched one is evicted. */
  maxConversations: 1_000,
  /**
   * Characters of content kept in memory over all conversations, plus 200 for each message. Beyond: the least recently
   * touched conversation is evicted.
   */
  maxKeptCharacters: 10_000_000,
  /** Conversations with an unanswered `markRead`. Beyond: the oldest is forgotten. */
  maxReads: 1_000,
  /** Timeout from opening a socket to `login_ok`. */
  connectTimeoutMs: 10_000,
  /** Times in a row that a token function is asked again because its token has expired. Beyond: the client closes. */
  maxTokenRenewals: 3,
  /** When no frame follows a ping within this time, the connection counts as dead. */
  pongTimeoutMs: 10_000,
  /** A session that lasted this long resets the reconnect back-off. */
  steadyMs: 5_000,
  /** The smallest and largest ceilings of every back-off. */
  backoffMinMs: 200,
  backoffMaxMs: 10_000,
} as const;

/** Those of groups and of other parts concern a client that has them. */
export type ClientLimits = GroupLimits & PartLimits & { readonly [K in keyof typeof CLIENT_LIMITS]: number };
