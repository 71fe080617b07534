import { availableParallelism } from 'node:os';
import type { WatchedGroup, WebhookRule } from '@chasqui/core';
import { type BlockedSenderPolicy, BROWSER_PUSH_SERVICES, type PushEndpointRule } from '@chasqui/domain';
import type { Origins } from '@chasqui/kit';

/** A token bucket: refills at `perSecond` up to `burst`. */
export interface BucketLimit {
  perSecond: number;
  burst: number;
}

/** The cost of one scrypt hash: 128 · N · r bytes of memory, computed `p` times. */
export interface PasswordCost {
  N: number;
  r: number;
  p: number;
}

/** Every bound and choice of the HTTP edge, named once (C16). */
export interface ApiSettings {
  /** A larger request body is refused with 413. */
  maxBodyBytes: number;
  /** A call without an answer by then gets 504. */
  handlerTimeoutMs: number;
  /** The same for uploading or downloading a picture, including the transfer. */
  pictureTimeoutMs: number;
  /** A client that has not sent a whole request head by then is disconnected, even if it sent nothing. */
  headTimeoutMs: number;
  /** The same for the body of a request; pictures have `pictureTimeoutMs`. */
  bodyTimeoutMs: number;
  /** A socket without a request for this long is closed. Longer than the 60 s for which proxies usually keep theirs. */
  keepAliveMs: number;
  /**
   * Sockets in total, and from one address. At a bound, the socket that has waited longest without a request is closed;
   * if there is none, the new one.
   */
  maxSockets: number;
  maxSocketsPerAddress: number;
  /** The time limit for an engine's answer to a readiness ping. */
  pingDeadlineMs: number;
  /** Origins that may call: `local` is http(s)://localhost and 127.0.0.1 at any port. The same origin always may. */
  corsOrigins: Origins;
  /**
   * The number of the operator's own proxies, each of which adds its caller to `X-Forwarded-For`. 0: the header is
   * ignored.
   */
  proxies: number;
  /** Users who may call `/api/admin`. */
  admins: readonly string[];
  /** Calls by one administrator. */
  adminPerUser: BucketLimit;
  /** Entries of the audit log that are older are dropped. */
  auditRetentionMs: number;
  /** How long a used refresh token is accepted once more, as its answer may have been lost. */
  refreshGraceMs: number;
  /** The answer to a blocked user who asks to be a contact. */
  blockedSenders: BlockedSenderPolicy;
  /** Whether Push has a mail server. */
  email: boolean;
  /** The allowed URLs of Web Push subscriptions. */
  pushEndpoints: PushEndpointRule;
  /** The allowed URLs of webhook endpoints. */
  webhooks: WebhookRule;
  /**
   * Codes sent to e-mail addresses: for one user, from one client address, and to one mailbox, which may be a
   * stranger's.
   */
  emailCodes: { user: BucketLimit; client: BucketLimit; mailbox: BucketLimit };
  /** Codes that a user enters. */
  codeTries: BucketLimit;
  /** The VAPID public key of Push; null: Push sends no Web Push. */
  webPushKey: string | null;
  /** Log-ins of one user, from all addresses. */
  loginPerUser: BucketLimit;
  /** Registrations, log-ins and refreshes from one address. */
  authPerAddress: BucketLimit;
  /** How much one user posts, likes and comments, and uploads. */
  momentsPerUser: { moment: BucketLimit; reply: BucketLimit; picture: BucketLimit };
  /** Changes of the states of conversations by one user. */
  statesPerUser: BucketLimit;
  /** Changes of groups that one user asks for. */
  groupChangesPerUser: BucketLimit;
  /** Pictures that are being uploaded, and so are in memory; beyond it: 503 `overloaded`. */
  maxUploads: number;
  /** The same for one user; beyond it: 429 `too_fast`. */
  maxUploadsPerUser: number;
  /** Bytes of one attachment. */
  maxAttachmentBytes: number;
  /** Bytes of attachments that one user announces in an hour; beyond it: 429 `too_fast`. */
  attachmentBytesPerHour: number;
  /** Pictures and videos keep what they say of their place, time and device. */
  keepsMetadata: boolean;
  /** What cannot be scanned passes. Otherwise its check fails, to be repeated, or it is refused as too large. */
  isScanOptional: boolean;
  /** The transfer of an attachment to its reader may take so long; the reader then asks for the rest. */
  downloadTimeoutMs: number;
  /** Files and pictures that one user is being sent by this process, of each kind; beyond it: 429 `too_fast`. */
  maxDownloadsPerUser: number;
  /** How long a link to a file of a message is valid, ms. Those of an S3 store have their own setting. */
  fileLinkMs: number;
  /** Uploads whose bytes are being checked, and that wait for it, their owners in turn; beyond it: 503 `overloaded`. */
  maxChecks: number;
  maxWaitingChecks: number;
  /** An upload that would wait longer for its check is refused at once with 503 `overloaded`. */
  maxCheckWaitMs: number;
  passwordCost: PasswordCost;
  /** Passwords that are being hashed, and that wait, in total and from one address; beyond it: 503 `overloaded`. */
  maxHashing: number;
  maxWaitingToHash: number;
  maxWaitingToHashPerAddress: number;
  /** A password that would wait longer for its hash is refused at once with 503 `overloaded`. */
  maxHashingWaitMs: number;
  /** Consumer groups whose backlogs and dead letters the metrics show. */
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
  webhooks: { allowHttp: false, allowPrivate: false },
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
  statesPerUser: { perSecond: 2, burst: 200 },
  groupChangesPerUser: { perSecond: 2, burst: 100 },
  maxUploads: 16,
  maxUploadsPerUser: 3,
  maxAttachmentBytes: 100 * 1024 * 1024,
  attachmentBytesPerHour: 1024 * 1024 * 1024,
  keepsMetadata: false,
  isScanOptional: false,
  downloadTimeoutMs: 3600 * 1000,
  maxDownloadsPerUser: 100,
  fileLinkMs: 600_000,
  maxChecks: 4,
  maxWaitingChecks: 64,
  maxCheckWaitMs: 10_000,
  // OWASP's Password Storage Cheat Sheet: 32 MiB, three times over.
  passwordCost: { N: 2 ** 15, r: 8, p: 3 },
  // At most half of the cores: if all apps share one process, messages need the rest.
  maxHashing: Math.max(1, Math.floor(availableParallelism() / 2)),
  maxWaitingToHash: 64,
  maxWaitingToHashPerAddress: 16,
  maxHashingWaitMs: 5_000,
  watchedGroups: [],
};
