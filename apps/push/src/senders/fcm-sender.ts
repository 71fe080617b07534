import type { Clock } from '@chasqui/domain';
import type { PushNotification, PushSender, SendResult } from '../push-sender.ts';
import { GoogleToken, type ServiceAccount, TokenRefused } from './google-token.ts';
import { askOverHttp, type HttpAnswer, jsonOf, retryAfterMs } from './http-answer.ts';
import { reasonOf, retry, unreached } from './results.ts';

interface FcmProblem {
  error?: {
    status?: unknown;
    details?: { '@type'?: unknown; errorCode?: unknown; fieldViolations?: { field?: unknown }[] }[];
  };
}

/** The wait after a 429 that gives no time, as Google asks for. */
const QUOTA_MS = 60_000;
/** The token is not valid, or belongs to another project's app. */
const DEAD = new Set(['UNREGISTERED', 'SENDER_ID_MISMATCH']);

function blamesToken({ error }: FcmProblem): boolean {
  const violations = error?.details?.flatMap(({ fieldViolations = [] }) => fieldViolations) ?? [];
  return violations.some(({ field }) => field === 'message.token');
}

/** The result that an answer of FCM means. Source: Google, "ErrorCode" of FCM's HTTP v1, and "Scale your FCM sends". */
function fcmResult(answer: HttpAnswer, now: number): SendResult {
  const { status } = answer;
  if (status === 200) return { type: 'accepted' };
  const problem = (jsonOf(answer.body) ?? {}) as FcmProblem;
  const code = problem.error?.details?.find(({ errorCode }) => typeof errorCode === 'string')?.errorCode;
  const reason = reasonOf(code ?? problem.error?.status, status);
  if (DEAD.has(reason) || (status === 400 && blamesToken(problem))) return { type: 'dead', reason };
  // A 404 without UNREGISTERED is about the project's URL, not the token: it concerns all requests, like wrong
  // credentials.
  const afterMs = retryAfterMs(answer.retryAfter, now);
  if (status === 429) return retry(reason, 'provider', afterMs ?? QUOTA_MS);
  if (status >= 500) return retry(reason, status === 503 ? 'provider' : 'device', afterMs);
  if (status === 401 || status === 403 || status === 404) return retry(reason, 'provider', afterMs);
  return { type: 'refused', reason };
}

export interface FcmSenderOptions {
  /** For example `https://fcm.googleapis.com`. */
  url: string;
  account: ServiceAccount;
  clock: Clock;
}

function messageOf(notification: PushNotification, now: number) {
  const { registration, title, body, badge, collapseId, conversationId, messageId, expiresAt } = notification;
  const badged = badge === null ? {} : { badge: String(badge) };
  return {
    token: registration.token,
    notification: { title, body },
    // FCM allows only strings here; the badge is for apps that set it themselves.
    data: { conversationId, messageId, ...badged },
    android: {
      priority: 'HIGH',
      ttl: `${Math.max(0, Math.floor((expiresAt - now) / 1_000))}s`,
      // The key collapses notifications that wait for the device, the tag those that it shows.
      collapse_key: collapseId,
      notification: { tag: collapseId, ...(badge === null ? {} : { notification_count: badge }) },
    },
    apns: { headers: { 'apns-collapse-id': collapseId }, payload: { aps: badge === null ? {} : { badge } } },
  };
}

/** Firebase Cloud Messaging over its HTTP v1 API. Source: Google, "projects.messages.send". */
export class FcmSender implements PushSender {
  readonly #options: FcmSenderOptions;
  readonly #token: GoogleToken;

  constructor(options: FcmSenderOptions) {
    this.#options = options;
    this.#token = new GoogleToken(options.account, options.clock);
  }

  async send(notification: PushNotification, signal: AbortSignal): Promise<SendResult> {
    try {
      const used = this.#token.current(signal);
      const answer = await this.#post(notification, await used, signal);
      if (answer.status !== 401) return fcmResult(answer, this.#options.clock.now());
      this.#token.drop(used);
      const again = await this.#post(notification, await this.#token.current(signal), signal);
      return fcmResult(again, this.#options.clock.now());
    } catch (error) {
      if (error instanceof TokenRefused) return retry(`token ${error.status}`, 'provider');
      return unreached(error, signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #post(notification: PushNotification, token: string, signal: AbortSignal) {
    const { url, account, clock } = this.#options;
    return askOverHttp(new URL(`/v1/projects/${account.project_id}/messages:send`, url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: messageOf(notification, clock.now()) }),
      signal,
    });
  }
}
