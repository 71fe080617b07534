/** Every bound and choice of pushing, named once (C16). Times in ms. */
export interface PushSettings {
  /** The pause of a shard after each batch, in which tasks gather, so that many messages make one notification. */
  gatherMs: number;
  /** How long a batch waits for a provider's answer. A slower one is heard all the same, and the task comes back in case it is not. */
  patienceMs: number;
  /** The time a provider has to answer one request. */
  requestTimeoutMs: number;
  /** Requests to one provider at the same time. At the bound, tasks are put back. */
  maxInFlight: number;
  /** Requests for one notification of one device. After them: `given_up`. */
  maxAttempts: number;
  /** Waits between them where the provider names none: doubling, with jitter. */
  retry: { initialMs: number; maxMs: number };
  /** For how long no request is made to a provider that cannot serve anybody, where it names no time itself. */
  pause: { initialMs: number; maxMs: number };
  /** A task that could not be ended for so long is `given_up`: the notification would be stale. */
  maxAgeMs: number;
  /** A receiver who came back after the task was made has this long to confirm, so many times over. */
  returnWaitMs: number;
  maxReturnWaits: number;
  /** E-mails about one conversation to one user: one in this long; what comes between is in the one before. */
  emailPauseMs: number;
  /** E-mails of any kind to one address, whoever caused them: a token bucket. */
  mailsPerAddress: { perSecond: number; burst: number };
  /** Whether any notification may show what was written; users then choose for themselves. */
  allowText: boolean;
  /** BCP 47: for users and devices that say none. */
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
