/** Every bound and choice of Push, named once (C16). Times in ms. */
export interface PushSettings {
  /** The pause of a shard after each batch. Tasks gather in it, so that many messages share one notification. */
  gatherMs: number;
  /**
   * How long a batch waits for a provider's answer. A later answer still counts; the task is put back in case none
   * arrives.
   */
  patienceMs: number;
  /** The time limit for a provider's answer to one request. */
  requestTimeoutMs: number;
  /** Requests in flight to one provider. At the bound, tasks are put back. */
  maxInFlight: number;
  /** Requests for one notification of one device; after them the outcome is `given_up`. */
  maxAttempts: number;
  /** The waits between them if the provider gives no time: doubling, with jitter. */
  retry: { initialMs: number; maxMs: number };
  /** How long no request is made to a provider that cannot serve anybody, if the provider gives no time. */
  pause: { initialMs: number; maxMs: number };
  /** A task that has not ended by this age is `given_up`, as the notification would be stale. */
  maxAgeMs: number;
  /**
   * How long a receiver who connected after the task was made may take to confirm; repeated at most the given number of
   * times.
   */
  returnWaitMs: number;
  maxReturnWaits: number;
  /**
   * Minimum time between e-mails about one conversation to one user. Messages in between are covered by the earlier
   * e-mail.
   */
  emailPauseMs: number;
  /** All e-mails to one address, whoever caused them: a token bucket. */
  mailsPerAddress: { perSecond: number; burst: number };
  /** Whether notifications may show message texts at all; each user may still refuse. */
  allowText: boolean;
  /** BCP 47: the language for users and devices that set none. */
  language: string;
  /** How long outcomes are kept, and how often older ones are dropped. */
  outcomeRetentionMs: number;
  trimEveryMs: number;
}

export const DEFAULT_PUSH_SETTINGS: PushSettings = {
  gatherMs: 500,
  patienceMs: 1_000,
  requestTimeoutMs: 10_000,
  maxInFlight: 64,
  maxAttempts: 6,
  retry: { initialMs: 5_000, maxMs: 600_000 },
  pause: { initialMs: 1_000, maxMs: 60_000 },
  maxAgeMs: 4 * 3600 * 1000,
  returnWaitMs: 5_000,
  maxReturnWaits: 3,
  emailPauseMs: 15 * 60_000,
  mailsPerAddress: { perSecond: 1 / 120, burst: 30 },
  allowText: true,
  language: 'en',
  outcomeRetentionMs: 30 * 24 * 3600 * 1000,
  trimEveryMs: 10 * 60_000,
};
