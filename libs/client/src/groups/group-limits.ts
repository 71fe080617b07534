/** The bounds of groups; `limits` of the client's options changes them too. */
export const GROUP_LIMITS = {
  /** Groups whose heads are kept, in memory and in the store. Beyond: the least recently changed one is forgotten. */
  maxGroups: 2_000,
  /** Groups whose logs are synced. Beyond: the one that was opened longest ago closes. */
  maxOpenGroups: 20,
  /** Groups whose positions are kept when they are closed. Beyond: one begins near the end of its log. */
  maxGroupPositions: 200,
  /** Updates before the end of a group's log that are synced when the group is opened for the first time. */
  groupStart: 50,
  /** A position that is further behind the end of its log is given up for one near the end. */
  maxGroupBehind: 1_000,
  /** Time for a gap in a group's positions to close by itself: the places of a group are told together, a sender's own `server_ack` may be before them. */
  groupGapMs: 400,
  /** When a provisional message of an open group is not confirmed for this long (or up to half less), its log is synced. */
  groupCheckMs: 10_000,
  /** Notices of an open group that are kept. Beyond: the oldest is evicted. */
  maxNotices: 200,
  /** Time for groups whose counts are not certain to gather into one request. */
  groupsDelayMs: 500,
} as const;

export type GroupLimits = { readonly [K in keyof typeof GROUP_LIMITS]: number };
