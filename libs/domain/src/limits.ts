/** Every bound of the message path, named once (C16). Times in ms, sizes in bytes of UTF-8 unless said otherwise. */
export const DEFAULT_LIMITS = {
  /** A frame from a client. Larger: the connection is closed with `frame_too_large`. */
  maxFrameBytes: 64 * 1024,
  /** `content` as JSON. */
  maxContentBytes: 32 * 1024,
  /** Chat frames a second per session, sustained, and the burst above it. */
  messagesPerSecond: 1_000,
  messageBurst: 2_000,
  /**
   * Work that a user may ask of one node, over all sessions there, in units a second, sustained, and what they may ask at
   * once. A unit is about 10 µs of a core. More: `too_fast`; by a burst more: closed.
   */
  workPerSecond: 10_000,
  workBurst: 20_000,
  /** The same for everybody from one IPv4 address or IPv6 network of 64 bits who has not logged in. More: `overloaded`. */
  anonymousWorkPerSecond: 5_000,
  anonymousWorkBurst: 20_000,
  /** Messages of one session accepted but not yet queued. More: `too_fast`. */
  maxInFlightPerSession: 1_024,
  /** Events of one node (messages, acks, confirmations, recalls) accepted but not yet queued. More: `overloaded`. */
  maxInFlightPerNode: 50_000,
  /** Their size as JSON, in characters. */
  maxInFlightCharactersPerNode: 128 * 1024 * 1024,
  /** When the oldest of them has waited this long, the node takes no more (`overloaded`) until it has caught up. */
  maxQueueDelayMs: 500,
  /** The same when its process comes to its work so late: a turn of the event loop is then full of what waits already. */
  maxTurnDelayMs: 50,
  /** Connections of one node, logged in or not. More: closed with `overloaded` at once. */
  maxConnectionsPerNode: 100_000,
  /** Of them, from one IPv4 address or IPv6 network of 64 bits. More: the same. */
  maxConnectionsPerAddress: 10_000,
  /** Failed log-ins a second from one of these, sustained, and the burst above it. More: log-ins from there get `overloaded`. */
  failedLoginsPerSecond: 1,
  failedLoginBurst: 100,
  /** From connect to login. */
  loginTimeoutMs: 10_000,
  /** Clients ping this often; a node closes a session after two and a half of these in silence. */
  heartbeatMs: 30_000,
  /** The time the bus has to take a message before its sender is told to retry (C12). */
  publishDeadlineMs: 5_000,
  /** The time a peer has to take a batch. */
  peerDeadlineMs: 2_000,
  /** A push that no device acked for this long is handled as offline (C9). */
  ackTimeoutMs: 15_000,
  /** Pushes of one node that wait for an ack. Beyond: the oldest are handled as offline at once. */
  maxUnackedPushes: 100_000,
  /** Of them, those to one user. Beyond: the same, for that user's alone. */
  maxUnackedPushesPerUser: 10_000,
  /** A node that does not renew within this is dead (C9: at most 10 s). */
  nodeLeaseMs: 8_000,
  nodeRenewMs: 2_000,
  /** Bytes that may wait for one slow socket. Beyond: the session is closed with 4003 and the inbox heals it. */
  maxSocketBacklogBytes: 1024 * 1024,
  /** Updates of one sync page. */
  maxSyncPage: 500,
  /** Its size as JSON; the update that crosses it is the page's last. */
  maxSyncPageBytes: 256 * 1024,
  /** Users whose presence one session may watch. */
  maxPresenceSubscriptions: 200,
  /** Users whose presence a node looks at in one round, and of them those for the sessions of one user. The others have their turn in the next. */
  maxWatchedUsers: 20_000,
  maxWatchedPerUser: 2_000,
  /** How often watched users' presence is looked at. */
  presencePollMs: 2_000,
  /** Ids in one `ack`. */
  maxAckIds: 500,
  /**
   * Devices of one user that are online, and whose positions are kept. Beyond: the one that logged in first is sent away
   * (`session_replaced`), the one that confirmed longest ago is forgotten.
   */
  maxDevicesPerUser: 100,
  /** Inbox entries of one user that are looked at when a node died: the newest that no device has confirmed. */
  maxRecoveredEntries: 5_000,
  /** Resends within this find their first message id (C4). */
  dedupWindowMs: 30 * 24 * 3600 * 1000,
  /** Events in one bus message, and its size. */
  maxBatchEvents: 200,
  maxBatchBytes: 1024 * 1024,
  /** How far an id may run ahead of the local clock. */
  maxClockAheadMs: 60_000,
  /** A sender may recall this long. */
  recallWindowMs: 24 * 3600 * 1000,
  /** SIGTERM to exit at the latest. */
  drainDeadlineMs: 15_000,
} as const;

export type Limits = { readonly [K in keyof typeof DEFAULT_LIMITS]: number };
