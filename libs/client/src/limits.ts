/** Every bound of the client, named once (C16). Times in ms. */
export const CLIENT_LIMITS = {
  /** Messages sent that have no answer yet, over all conversations. More wait in the outbox. */
  maxInFlight: 64,
  /** Messages in the outbox, sent or not, that are not stored yet. More: `send` fails with `overloaded`. */
  maxOutbox: 10_000,
  /** Stored messages whose receipts are followed. Beyond: the oldest one's open promises reject with `deadline_exceeded`. */
  maxFollowed: 5_000,
  /** Without any answer for this long a message is sent again. Longer than the server's own deadline (5 s). */
  answerTimeoutMs: 12_000,
  /** A queued message that is not stored for this long makes the client look into its inbox. */
  storedTimeoutMs: 10_000,
  /** Inbox positions ahead of a gap that are remembered. Beyond: they are forgotten, and the sync brings them. */
  maxAhead: 1_000,
  /** A gap in the positions may close by itself this long before the client syncs. */
  gapMs: 100,
  /** Updates of one sync page; the server's `maxSyncPage` if that is less. */
  syncPage: 500,
  /** A sync without an answer for this long is asked again. */
  syncTimeoutMs: 10_000,
  /** An online client whose position has not moved for this long (or up to half less) looks into its inbox. 0: never. */
  idleSyncMs: 60_000,
  /** Positions are confirmed to the server after this long, or after this many. */
  confirmMs: 1_000,
  confirmEvery: 100,
  /** What was received is written to the store and acked together, this long after the first message. */
  ackDelayMs: 5,
  /** Live messages beyond the own position. Beyond: a live message is not shown until the inbox brings it. */
  maxProvisional: 5_000,
  /** A provisional message older than this that a caught-up sync does not confirm is dropped; … */
  provisionalGraceMs: 60_000,
  /** … one that came on an earlier connection, after this (the server's publish deadline). */
  earlierGraceMs: 5_000,
  /** Messages remembered as shown, in memory and in the store (and up to a quarter more). Beyond: the oldest are forgotten. */
  maxShown: 4_000,
  /** Messages of a conversation kept in memory. Beyond: the oldest leaves. */
  maxMessages: 500,
  /** Conversations kept in memory. Beyond: the one not touched for longest leaves. */
  maxConversations: 1_000,
  /** Characters of content kept in memory over all conversations, and 200 for each message. Beyond: the one not touched for longest leaves. */
  maxKeptCharacters: 10_000_000,
  /** Conversations whose `markRead` the server has not answered. Beyond: the oldest is forgotten. */
  maxReads: 1_000,
  /** Recalls that wait for their answer. Beyond: `overloaded`. */
  maxRecalls: 100,
  /** A recall without an answer for this long rejects with `deadline_exceeded`. */
  recallTimeoutMs: 10_000,
  /** From opening a socket to `login_ok`. */
  connectTimeoutMs: 10_000,
  /** A ping must be followed by some frame within this, or the connection counts as dead. */
  pongTimeoutMs: 10_000,
  /** A session that lasted this long resets the reconnect back-off. */
  steadyMs: 5_000,
  /** The least and greatest ceilings of every back-off. */
  backoffMinMs: 200,
  backoffMaxMs: 10_000,
} as const;

export type ClientLimits = { readonly [K in keyof typeof CLIENT_LIMITS]: number };
