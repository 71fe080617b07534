/** How tabs share a client. Times in ms. */
export const TAB_LIMITS = {
  /** A tab asks the leader for a sign of life this often, … */
  pingMs: 2_000,
  /** … and takes its place after so many in a row without an answer. */
  maxUnanswered: 4,
  /**
   * A leader that did nothing for longer may have been replaced, and asks before it writes. Less than `pingMs` times
   * `maxUnanswered`.
   */
  certainMs: 4_000,
  /** A new tab waits so long for what the leader has, before it begins with nothing. */
  beginMs: 1_500,
  /** Tabs whose interest the leader keeps. Beyond: those of the one that was silent for longest are forgotten. */
  maxTabs: 50,
  /** The leader forgets what a silent tab is interested in. Longer than browsers keep the timers of hidden tabs waiting. */
  silentMs: 180_000,
} as const;
