import { createHash } from 'node:crypto';
import type { Clock } from '@chasqui/domain';
import type { PushNotification, PushSender, SendResult } from '../push-sender.ts';
import { ApnsToken } from './apns-token.ts';
import { jsonOf, retryAfterMs } from './http-answer.ts';
import { type Http2Answer, Http2Link } from './http2-link.ts';
import { reasonOf, retry, unreached } from './results.ts';

interface ApnsProblem {
  reason?: unknown;
  /** Unix ms at which APNs found the token to be dead. */
  timestamp?: unknown;
}

/** The token is not valid, or belongs to another app. */
const DEAD = new Set(['BadDeviceToken', 'DeviceTokenNotForTopic', 'Unregistered', 'ExpiredToken']);
/** The key is refused for all devices: nothing is sent until somebody corrects the configuration. */
const KEY = new Set([
  'ExpiredProviderToken',
  'InvalidProviderToken',
  'MissingProviderToken',
  'Forbidden',
  'BadCertificate',
]);

/** The result that an answer of APNs means. Source: Apple, "Handling notification responses from APNs". */
function apnsResult({ status, headers, body }: Http2Answer, now: number): SendResult {
  if (status === 200) return { type: 'accepted' };
  const { reason: word, timestamp } = (jsonOf(body) ?? {}) as ApnsProblem;
  const reason = reasonOf(word, status);
  if (status === 410 || DEAD.has(reason)) {
    return { type: 'dead', reason, ...(typeof timestamp === 'number' ? { since: timestamp } : {}) };
  }
  const afterMs = retryAfterMs(headers['retry-after'], now);
  if (status === 429) return retry(reason, reason === 'TooManyProviderTokenUpdates' ? 'provider' : 'device', afterMs);
  if (status >= 500 || KEY.has(reason)) return retry(reason, status === 500 ? 'device' : 'provider', afterMs);
  return { type: 'refused', reason };
}

export interface ApnsSenderOptions {
  /** For example `https://api.push.apple.com`. */
  url: string;
  /** PKCS #8 in PEM. */
  key: string;
  keyId: string;
  teamId: string;
  /** The bundle id of devices that registered without one. */
  topic: string;
  clock: Clock;
}

/** The same id for each try of a notification, so that APNs and its logs can recognise a repeat. */
function apnsIdOf({ messageId, deviceId }: PushNotification): string {
  const hex = createHash('sha256').update(`${messageId} ${deviceId}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

function payloadOf({ title, body, badge, collapseId, conversationId, messageId }: PushNotification): string {
  const aps = {
    alert: { title, body },
    sound: 'default',
    ...(badge === null ? {} : { badge }),
    'thread-id': collapseId,
  };
  return JSON.stringify({ aps, chasqui: { conversationId, messageId } });
}

/** Apple's push service over HTTP/2 with a signed token. Source: Apple, "Sending notification requests to APNs". */
export class ApnsSender implements PushSender {
  readonly #options: ApnsSenderOptions;
  readonly #link: Http2Link;
  readonly #token: ApnsToken;

  constructor(options: ApnsSenderOptions) {
    this.#options = options;
    this.#link = new Http2Link(options.url);
    this.#token = new ApnsToken(options);
  }

  async send(notification: PushNotification, signal: AbortSignal): Promise<SendResult> {
    const used = this.#token.current();
    const result = await this.#try(notification, used, signal);
    if (result.type !== 'retry' || result.reason !== 'ExpiredProviderToken') return result;
    this.#token.drop(used);
    return this.#try(notification, this.#token.current(), signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#link[Symbol.asyncDispose]();
  }

  async #try(notification: PushNotification, token: Promise<string>, signal: AbortSignal): Promise<SendResult> {
    const { topic, clock } = this.#options;
    const { registration, collapseId, expiresAt } = notification;
    const headers = {
      ':method': 'POST',
      ':path': `/3/device/${encodeURIComponent(registration.token)}`,
      authorization: `bearer ${await token}`,
      'apns-id': apnsIdOf(notification),
      'apns-topic': registration.app || topic,
      'apns-push-type': 'alert',
      'apns-priority': '10',
      'apns-expiration': String(Math.floor(expiresAt / 1_000)),
      'apns-collapse-id': collapseId,
    };
    try {
      return apnsResult(await this.#link.request(headers, payloadOf(notification), signal), clock.now());
    } catch (error) {
      return unreached(error, signal);
    }
  }
}
