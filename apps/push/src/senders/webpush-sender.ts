import { type Clock, ImError, type PushEndpointRule, pushEndpointOf } from '@chasqui/domain';
import { type GuardedAnswer, GuardedClient } from '@chasqui/kit';
import webPush from 'web-push';
import type { PushNotification, PushSender, SendResult } from '../push-sender.ts';
import { retryAfterMs } from './http-answer.ts';
import { reasonOf, retry, unreached } from './results.ts';

export interface WebPushSenderOptions extends PushEndpointRule {
  /** The services may have addresses that are not of the public internet. */
  allowPrivate: boolean;
  /** The VAPID key pair in base64url. */
  publicKey: string;
  privateKey: string;
  /** `mailto:` or `https:`: the contact for push services. */
  subject: string;
  clock: Clock;
}

/** Connections to one push service. */
const MAX_SOCKETS = 64;

/**
 * The result that an answer of a push service means. Source: RFC 8030, sections 5, 7.3 and 8.4; RFC 8292, section 4.2.
 */
function resultOf({ status, retryAfter }: GuardedAnswer, now: number): SendResult {
  if (status >= 200 && status < 300) return { type: 'accepted' };
  const reason = reasonOf(undefined, status);
  if (status === 404 || status === 410) return { type: 'dead', reason };
  if (status === 429 || status >= 500) return retry(reason, 'device', retryAfterMs(retryAfter, now));
  return { type: 'refused', reason };
}

/** Sends to the push services of browsers, with VAPID and an encrypted payload (RFC 8291, RFC 8292). */
export class WebPushSender implements PushSender {
  readonly #options: WebPushSenderOptions;
  readonly #client: GuardedClient;

  constructor(options: WebPushSenderOptions) {
    this.#options = options;
    this.#client = new GuardedClient({ allowPrivate: options.allowPrivate, maxSockets: MAX_SOCKETS });
  }

  async send(notification: PushNotification, signal: AbortSignal): Promise<SendResult> {
    const request = this.#requestOf(notification);
    if (request === undefined) return { type: 'dead', reason: 'bad_subscription' };
    try {
      const { url, headers, body } = request;
      const answer = await this.#client.ask(url, { method: 'POST', headers, body, signal });
      return resultOf(answer, this.#options.clock.now());
    } catch (error) {
      if (error instanceof ImError) return { type: 'refused', reason: 'private_address' };
      // Each browser has its own push service, so a failure concerns this device only.
      const result = unreached(error, signal);
      return result.type === 'retry' ? retry(result.reason, 'device') : result;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client[Symbol.dispose]();
  }

  /** Undefined: the subscription is invalid, or its URL is not allowed. */
  #requestOf(
    notification: PushNotification,
  ): { url: URL; headers: Record<string, string>; body: Uint8Array } | undefined {
    const { publicKey, privateKey, subject, clock } = this.#options;
    const { registration, title, body, badge, collapseId, conversationId, messageId, expiresAt } = notification;
    try {
      const subscription = JSON.parse(registration.token) as webPush.PushSubscription;
      const url = pushEndpointOf(subscription.endpoint, this.#options);
      if (url === undefined) return undefined;
      const payload = JSON.stringify({ title, body, badge, tag: collapseId, conversationId, messageId });
      const details = webPush.generateRequestDetails(subscription, payload, {
        vapidDetails: { subject, publicKey, privateKey },
        TTL: Math.max(0, Math.floor((expiresAt - clock.now()) / 1_000)),
        contentEncoding: 'aes128gcm',
        urgency: 'high',
        topic: collapseId,
      });
      const headers = Object.fromEntries(Object.entries(details.headers).map(([name, value]) => [name, String(value)]));
      return { url, headers, body: details.body };
    } catch {
      return undefined;
    }
  }
}
