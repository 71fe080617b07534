import { availableParallelism } from 'node:os';
import { type BlockedSenderPolicy, BROWSER_PUSH_SERVICES, type PushEndpointRule } from '@chasqui/domain';
import type { Origins } from '@chasqui/kit';

/** A token bucket: refills at `perSecond` up to `burst`. */
export interface BucketLimit {
  perSecond: number;
  burst: number;
}

/** The cost of one scrypt hash: 128 · N · r bytes of memory, `p` times over. */
export interface PasswordCost {
  N: number;
  r: number;
  p: number;
}

/** A consumer group whose backlog and dead letters the metrics show. */
export interface WatchedGroup {
  topic: string;
  group: string;
}

/** Every bound and choice of the HTTP edge, named once (C16). */
export interface ApiSettings {
  /** A larger request body: 413. */
  maxBodyBytes: number;
  /** A call that has no answer by then: 504. */
  handlerTimeoutMs: number;
  /** The same for a picture that comes or goes, with the time that its bytes take on the way. */
  pictureTimeoutMs: number;
  /** A client that has not sent the whole head of its request by then is disconnected, also one that sends nothing at all. */
  headTimeoutMs: number;
  /** The same for the body of a request, and `pictureTimeoutMs` for a picture. */
  bodyTimeoutMs: number;
  /** A socket without a request for so long is closed. Longer than the 60 s for which proxies usually keep theirs. */
  keepAliveMs: number;
  /** Sockets in all, and from one address: at a bound, the one that waits longest without a request is closed, else the new one. */
  maxSockets: number;
  maxSocketsPerAddress: number;
  /** The time an engine has to answer a readiness ping. */
  pingDeadlineMs: number;
  /** Whose pages may call: `local` is http(s)://localhost and 127.0.0.1 at any port; same origin always may. */
  corsOrigins: Origins;
  /** Proxies of one's own, each of which adds to `X-Forwarded-For` where it was called from. 0: none; nobody is believed. */
  proxies: number;
  /** Users who may do what `/api/admin` is for. */
  admins: readonly string[];
  /** Calls of one administrator. */
  adminPerUser: BucketLimit;
  /** Older entries of the audit log are dropped. */
  auditRetentionMs: number;
  /** A refresh token is taken once more for so long: its answer may have been lost. */
  refreshGraceMs: number;
  /** What somebody who is blocked is told when they ask to be a contact. */
  blockedSenders: BlockedSenderPolicy;
  /** Whether Push has a mail server. */
  email: boolean;
  /** Where Web Push subscriptions may lead. */
  pushEndpoints: PushEndpointRule;
  /** Codes to e-mail addresses: of one user, from one client address, and to one receiving address, which may be a stranger's. */
  emailCodes: { user: BucketLimit; client: BucketLimit; mailbox: BucketLimit };
  /** Codes that a user types in. */
  codeTries: BucketLimit;
  /** The VAPID public key of Push; null: it sends no Web Push. */
  webPushKey: string | null;
  /** Log-ins to one user, from everywhere. */
  loginPerUser: BucketLimit;
  /** Registrations, log-ins and refreshes from one address. */
  authPerAddress: BucketLimit;
  /** What one user posts, likes and comments, and uploads. */
  momentsPerUser: { moment: BucketLimit; reply: BucketLimit; picture: BucketLimit };
  /** Pictures that are being uploaded, and so are in memory; beyond: 503 `overloaded`. */
  maxUploads: number;
  /** Of them, one user's; beyond: 429 `too_fast`. */
  maxUploadsPerUser: number;
  passwordCost: PasswordCost;
  /** Passwords hashed at once, and waiting to be, in all and from one address; beyond: 503 `overloaded`. */
  maxHashing: number;
  maxWaitingToHash: number;
  maxWaitingToHashPerAddress: number;
  /** A password that would wait longer to be hashed: 503 `overloaded`, at once. */
  maxHashingWaitMs: number;
  watchedGroups: readonly WatchedGroup[];
}

export const DEFAULT_API_SETTINGS: ApiSettings = {
  maxBodyBytes: 64 * 1024,
  handlerTimeoutMs: 10_000,
  pictureTimeoutMs: 60_000,
  headTimeoutMs: 5_000,
  bodyTimeoutMs: 5_000,
  keepAliveMs: 72_000,
  maxSockets: 10_000,
  maxSocketsPerAddress: 1_000,
  pingDeadlineMs: 1_000,
  corsOrigins: 'local',
  proxies: 0,
  admins: [],
  adminPerUser: { perSecond: 5, burst: 50 },
  auditRetentionMs: 400 * 24 * 3600 * 1000,
  refreshGraceMs: 30_000,
  blockedSenders: 'refuse',
  email: false,
  pushEndpoints: { hosts: BROWSER_PUSH_SERVICES, allowHttp: false },
  emailCodes: {
    user: { perSecond: 1 / 600, burst: 5 },
    client: { perSecond: 1 / 60, burst: 20 },
    mailbox: { perSecond: 1 / 3600, burst: 3 },
  },
  codeTries: { perSecond: 1 / 60, burst: 10 },
  webPushKey: null,
  loginPerUser: { perSecond: 0.2, burst: 10 },
  authPerAddress: { perSecond: 5, burst: 100 },
  momentsPerUser: {
    moment: { perSecond: 0.1, burst: 20 },
    reply: { perSecond: 1, burst: 60 },
    picture: { perSecond: 0.5, burst: 60 },
  },
  maxUploads: 16,
  maxUploadsPerUser: 3,
  // OWASP's Password Storage Cheat Sheet: 32 MiB, three times over.
  passwordCost: { N: 2 ** 15, r: 8, p: 3 },
  // At most half of the machine: in one process, messages need the rest.
  maxHashing: Math.max(1, Math.floor(availableParallelism() / 2)),
  maxWaitingToHash: 64,
  maxWaitingToHashPerAddress: 16,
  maxHashingWaitMs: 5_000,
  watchedGroups: [],
};
