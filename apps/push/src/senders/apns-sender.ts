import { createHash } from 'node:crypto';
import type { Clock } from '@chasqui/domain';
import type { PushNotification, PushSender, SendResult } from '../push-sender.ts';
import { apnsResult } from './apns-answer.ts';
import { ApnsToken } from './apns-token.ts';
import { Http2Link } from './http2-link.ts';
import { unreached } from './results.ts';

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
