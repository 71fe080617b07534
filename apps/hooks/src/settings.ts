/** Every bound and choice of webhooks, named once (C16). Times in ms. */
export interface HooksSettings {
  /** The time limit for a receiver's answer to one request. */
  requestTimeoutMs: number;
  /** How long an event is tried; then it is a dead letter. */
  retryForMs: number;
  /** The waits between two requests for one event: doubling, with jitter. */
  retry: { initialMs: number; maxMs: number };
  /** The same for an endpoint at which nothing succeeds, and after how many failures in a row. */
  pause: { initialMs: number; maxMs: number };
  pauseAfter: number;
  /** Events of the log that are looked at together. */
  maxPage: number;
  /** Keys of one endpoint that are delivered in parallel; as many blocked ones beside them. */
  atOnce: number;
  /** How long the next events wait for a slow key; then it goes on alone, like a blocked one. */
  patienceMs: number;
  /** Blocked keys of one endpoint, and up to `maxPage` more. Beyond: it gets nothing new until one of them is served. */
  maxBlockedKeys: number;
  /** How often an endpoint looks for new events if nobody tells of them. */
  pollMs: number;
  /** How often progress is written. What was delivered since is delivered again after a crash. */
  saveMs: number;
  /** How often processes look at the endpoints, show that they live, and for how long one may be silent. */
  watchMs: number;
  leaseMs: number;
  /** How long the log keeps events, and how many at most. */
  retentionMs: number;
  maxEvents: number;
  /** How long dead letters are kept, and how many of one endpoint. */
  deadLetterRetentionMs: number;
  maxDeadLetters: number;
  trimEveryMs: number;
}

const DAY_MS = 24 * 3600 * 1000;

export const DEFAULT_HOOKS_SETTINGS: HooksSettings = {
  requestTimeoutMs: 15_000,
  retryForMs: 3 * DAY_MS,
  retry: { initialMs: 5_000, maxMs: 15 * 60_000 },
  pause: { initialMs: 5_000, maxMs: 5 * 60_000 },
  pauseAfter: 5,
  maxPage: 200,
  atOnce: 8,
  patienceMs: 1_000,
  maxBlockedKeys: 500,
  pollMs: 1_000,
  saveMs: 1_000,
  watchMs: 2_000,
  leaseMs: 15_000,
  retentionMs: 7 * DAY_MS,
  maxEvents: 1_000_000,
  deadLetterRetentionMs: 30 * DAY_MS,
  maxDeadLetters: 10_000,
  trimEveryMs: 60_000,
};
