/** The bounds of recalls and conversation states, which only a client with them loads (C16). Times in ms. */
export const PART_LIMITS = {
  /** Recalls in flight. Beyond: `overloaded`. */
  maxRecalls: 100,
  /** A recall without an answer for this long rejects with `deadline_exceeded`. */
  recallTimeoutMs: 10_000,
  /**
   * A `setState` without an answer for this long rejects with `deadline_exceeded`. Each conversation has one change on its
   * way, and one that gathers later ones.
   */
  stateTimeoutMs: 10_000,
} as const;

export type PartLimits = { readonly [K in keyof typeof PART_LIMITS]: number };
