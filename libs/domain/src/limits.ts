/** Every bound of the message path (C16). Times in ms, sizes in UTF-8 bytes unless noted otherwise. */
export const DEFAULT_LIMITS = {
  /** A frame from a client. Larger: the connection is closed with `frame_too_large`. */
  maxFrameBytes: 64 * 1024,
  /** `content` as JSON. */
  maxContentBytes: 32 * 1024,
  /** Chat frames per second and session: the sustained rate and the burst. */
  messagesPerSecond: 1_000,
  messageBurst: 2_000,
  /**
   * Work that a user may ask of one node, summed over the user's sessions there: units per second sustained, and the
   * burst. A unit is about 10 µs of a core. Beyond the burst: `too_fast`; beyond twice the burst: closed.
   */
  workPerSecond: 10_000,
  workBurst: 20_000,
  /**
   * The same for all connections from one IPv4 address or IPv6 /64 network that are not logged in. More: `overloaded`.
   */
  anonymousWorkPerSecond: 5_000,
  anonymousWorkBurst: 20_000,
  /** Messages of one session accepted but not yet queued. More: `too_fast`. */
  maxInFlightPerSession: 1_024,
  /** Events of one node (messages, acks, confirmations, recalls) accepted but not yet queued. More: `overloaded`. */
  maxInFlightPerNode: 50_000,
  /** Total size of those events as JSON, in characters. */
  maxInFlightCharactersPerNode: 128 * 1024 * 1024,
  /**
   * Once the oldest of those events has waited this long, the node accepts no more (`overloaded`) until it has caught
   * up.
   */
  maxQueueDelayMs: 500,
  /** The same for the delay of the event loop: a turn is then full of work that waits already. */
  maxTurnDelayMs: 50,
  /** Connections of one node, logged in or not. More: closed with `overloaded` at once. */
  maxConnectionsPerNode: 100_000,
  /** Connections of one node from one IPv4 address or IPv6 /64 network. More: the same. */
  maxConnectionsPerAddress: 10_000,
  /**
   * Failed log-ins per second from one such address or network: the sustained rate and the burst. More: log-ins from
   * there get `overloaded`.
   */
  failedLoginsPerSecond: 1,
  failedLoginBurst: 100,
  /** From connect to login. */
  loginTimeoutMs: 10_000,
  /** The interval of client pings; a node closes a session after two and a half silent intervals. */
  heartbeatMs: 30_000,
  /** Time for the bus to take a message; then the sender is told to retry (C12). */
  publishDeadlineMs: 5_000,
  /** Time for a peer to accept a batch of deliveries. */
  peerDeadlineMs: 2_000,
  /** A push that no device acks within this time is handled as offline (C9). */
  ackTimeoutMs: 15_000,
  /** Unacked pushes of one node. Beyond: the oldest are handled as offline at once. */
  maxUnackedPushes: 100_000,
  /** Unacked pushes to one user. Beyond: the same, for that user only. */
  maxUnackedPushesPerUser: 10_000,
  /** The lease of a node: a node that does not renew it within this time is dead (C9: at most 10 s). */
  nodeLeaseMs: 8_000,
  nodeRenewMs: 2_000,
  /** Bytes buffered for one slow socket. Beyond: the session is closed with 4003, and the device catches up by sync. */
  maxSocketBacklogBytes: 1024 * 1024,
  /** Updates of one sync page. */
  maxSyncPage: 500,
  /** Size of a sync page as JSON; the update that crosses it is the page's last. */
  maxSyncPageBytes: 256 * 1024,
  /** Users whose presence one session may watch. */
  maxPresenceSubscriptions: 200,
  /**
   * Users whose presence a node looks up in one round, in total and for the sessions of one user. The others follow in
   * the next round.
   */
  maxWatchedUsers: 20_000,
  maxWatchedPerUser: 2_000,
  /** The interval at which watched users' presence is looked up. */
  presencePollMs: 2_000,
  /** Ids in one `ack`. */
  maxAckIds: 500,
  /**
   * Online devices of one user, and devices whose positions are kept. Beyond: the device that logged in first is
   * disconnected (`session_replaced`); the position confirmed longest ago is forgotten.
   */
  maxDevicesPerUser: 100,
  /** Inbox entries of one user that the recovery of a dead node reads: the newest that no device has confirmed. */
  maxRecoveredEntries: 5_000,
  /** The dedup window: a resend within it gets the first message id (C4). */
  dedupWindowMs: 30 * 24 * 3600 * 1000,
  /** Events in one bus message, and its size. */
  maxBatchEvents: 200,
  maxBatchBytes: 1024 * 1024,
  /** How far an id may run ahead of the local clock. */
  maxClockAheadMs: 60_000,
  /** Time after sending within which a message can be recalled. */
  recallWindowMs: 24 * 3600 * 1000,
  /** Time after sending within which its author can edit a message. */
  editWindowMs: 48 * 3600 * 1000,
  /** Different emojis with which a message can be reacted to. More: `action_refused`. */
  maxReactionEmojis: 20,
  /** Emojis with which one user can react to one message. With 1, another one replaces it; else more are refused. */
  maxReactionsPerUser: 3,
  /** Reactions per second in one group through one node: the sustained rate and the burst. More: `too_fast` (C23). */
  groupReactionsPerSecond: 100,
  groupReactionBurst: 200,
  /** Members of a group by default, and at most by a group's own setting. */
  maxGroupMembers: 2_000,
  /** Groups of which one user is a member. */
  maxGroupsPerUser: 1_000,
  /** Messages per second of one group: the sustained rate and the burst. More: its senders get `too_fast` (C23). */
  groupMessagesPerSecond: 100,
  groupMessageBurst: 200,
  /** Groups of more members: no receipts of readers are pushed, no typing is shown. */
  maxSmallGroup: 100,
  /** Groups of more members: a member who chose nothing else is notified of mentions only. */
  maxNotifiedGroup: 500,
  /** Frames of a group that wait on one node for its sockets. More: its senders get `too_fast` (C23). */
  maxGroupBacklog: 100_000,
  /** At most one `stored` frame for each group, node and interval. */
  groupStoredMs: 100,
  /** Time for a change of a group to be applied; then the caller must ask again. */
  groupChangeDeadlineMs: 10_000,
  /** Maximum time from SIGTERM to exit. */
  drainDeadlineMs: 15_000,
} as const;

export type Limits = { readonly [K in keyof typeof DEFAULT_LIMITS]: number };
