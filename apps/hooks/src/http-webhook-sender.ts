import { createHmac } from 'node:crypto';
import { type Clock, eventBody, type ServerEvent, type WebhookEndpoint } from '@chasqui/domain';
import { GuardedClient, retryAfterMs } from '@chasqui/kit';
import { failed, type SendResult, unanswered, type WebhookSender } from './webhook-sender.ts';

/**
 * Statuses that speak of the body, as programs between us and the receiver give them too: whoever writes such messages must
 * not hold up those of others.
 */
const OF_EVENT: ReadonlySet<number> = new Set([400, 403, 406, 409, 413, 415, 422]);
/** The longest wait that a receiver may ask for, in ms. */
const MAX_WAIT_MS = 3600 * 1000;

export interface HttpWebhookSenderOptions {
  clock: Clock;
  /** Receivers may have addresses that are not of the public internet. */
  allowPrivate: boolean;
  /** Connections to one receiver. */
  maxSockets: number;
}

/** Sends by HTTP, signed. Source: Standard Webhooks, sections "Signature scheme" and "Operational considerations". */
export class HttpWebhookSender implements WebhookSender, Disposable {
  readonly #clock: Clock;
  readonly #client: GuardedClient;

  constructor({ clock, allowPrivate, maxSockets }: HttpWebhookSenderOptions) {
    this.#clock = clock;
    this.#client = new GuardedClient({ allowPrivate, maxSockets });
  }

  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]();
  }

  async send(endpoint: WebhookEndpoint, event: ServerEvent, signal: AbortSignal): Promise<SendResult> {
    const now = this.#clock.now();
    const body = eventBody(event);
    try {
      const headers = signedHeaders(endpoint, event.id, body, now);
      const { status, retryAfter } = await this.#client.ask(new URL(endpoint.url), {
        method: 'POST',
        headers,
        body,
        signal,
      });
      if (status >= 200 && status < 300) return { type: 'taken' };
      if (status === 410) return { type: 'gone' };
      const result = failed(`status ${status}`, retryAfterMs(retryAfter, now, MAX_WAIT_MS));
      return OF_EVENT.has(status) ? { ...result, isOfEvent: true } : result;
    } catch (error) {
      return unanswered(error, signal);
    }
  }
}

/** One signature for each secret that is valid at `now`, so that a receiver can change over. */
function signedHeaders({ secrets }: WebhookEndpoint, id: string, body: string, now: number): Record<string, string> {
  const timestamp = Math.floor(now / 1_000);
  const valid = secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  const signatures = valid.map(({ secret }) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'Chasqui-Webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}
