import { type Clock, defined, isGroupId, type PushProvider, type PushResult, type Random } from '@chasqui/domain';
import { backoffMs, type Logger } from '@chasqui/kit';
import { ProviderGate } from './provider-gate.ts';
import type { PushMetrics } from './push-metrics.ts';
import type { PushNotification, PushSender, SendResult } from './push-sender.ts';
import type { PushSettings } from './settings.ts';

/** The result of a notification so far. */
export type Delivery =
  | { type: 'ended'; result: PushResult; reason: string; attempts: number; dead?: { since?: number } }
  /** Retry after `delayMs`; `attempts` requests were made so far. */
  | { type: 'later'; delayMs: number; attempts: number };

export interface DelivererOptions {
  senders: { readonly [P in PushProvider]?: PushSender };
  clock: Clock;
  random: Random;
  logger: Logger;
  metrics: PushMetrics;
  settings: PushSettings;
}

/** Added to the request timeout before a task is retried, in ms. */
const MARGIN_MS = 1_000;

/**
 * Sends notifications to their providers and answers within the patience, whatever the provider does. If the provider
 * answers later, `late` is called; in case it never does, the caller has put the task back. Bounded per provider.
 */
export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #gates = new Map<PushProvider, ProviderGate>();
  /** Notifications with a request in flight, which are not sent again until it ends. */
  readonly #underWay = new Set<string>();

  constructor(options: DelivererOptions) {
    this.#options = options;
    for (const provider of Object.keys(options.senders) as PushProvider[]) {
      this.#gates.set(provider, new ProviderGate(options));
    }
  }

  /** Requests in flight at all providers. */
  get inFlight(): number {
    return this.#gates.values().reduce((sum, gate) => sum + gate.inFlight, 0);
  }

  async deliver(
    notification: PushNotification,
    attempts: number,
    late: (delivery: Extract<Delivery, { type: 'ended' }>) => void,
  ): Promise<Delivery> {
    const { settings, senders, clock } = this.#options;
    const { provider, token } = notification.registration;
    const [sender, gate] = [senders[provider], this.#gates.get(provider)];
    if (sender === undefined || gate === undefined) {
      return { type: 'ended', result: 'not_needed', reason: 'no_provider', attempts };
    }
    if (attempts >= settings.maxAttempts) return { type: 'ended', result: 'given_up', reason: 'no_answer', attempts };
    const slowMs = settings.requestTimeoutMs + MARGIN_MS;
    const key = `${provider} ${token} ${notification.messageId}`;
    if (this.#underWay.has(key)) return { type: 'later', delayMs: slowMs, attempts };
    const closedMs = gate.enter(isGroupId(notification.conversationId));
    if (closedMs > 0) return { type: 'later', delayMs: closedMs, attempts };
    this.#underWay.add(key);
    let patient = true;
    const answer = this.#request(sender, gate, notification).then((result) => {
      this.#underWay.delete(key);
      const delivery = this.#judge(result, attempts + 1);
      if (!patient && delivery.type === 'ended') late(delivery);
      return delivery;
    });
    return new Promise((resolve) => {
      const timer = clock.after(settings.patienceMs, () => {
        patient = false;
        resolve({ type: 'later', delayMs: slowMs, attempts: attempts + 1 });
      });
      void answer.then((delivery) => {
        timer.cancel();
        resolve(delivery);
      });
    });
  }

  async #request(sender: PushSender, gate: ProviderGate, notification: PushNotification): Promise<SendResult> {
    const { clock, logger, metrics, settings } = this.#options;
    const { provider } = notification.registration;
    const abort = new AbortController();
    // If a sender ignores the signal, the timeout ends the wait.
    const late = Promise.withResolvers<SendResult>();
    const timer = clock.after(settings.requestTimeoutMs, () => {
      abort.abort();
      late.resolve({ type: 'retry', reason: 'timeout', scope: 'device' });
    });
    const startedAt = clock.monotonic();
    const sent = sender.send(notification, abort.signal).catch((error): SendResult => {
      if (!abort.signal.aborted) logger.error({ err: error, provider }, 'a notification could not be sent');
      return { type: 'retry', reason: 'failed', scope: 'device' };
    });
    const result = await Promise.race([sent, late.promise]);
    timer.cancel();
    if (result.type === 'retry' && result.scope === 'provider') {
      logger.warn({ provider, reason: result.reason }, 'a push provider is unavailable: waiting');
      gate.leave(false, result.afterMs);
    } else gate.leave(true);
    metrics.answered(provider, result.type, clock.monotonic() - startedAt);
    return result;
  }

  #judge(result: SendResult, attempts: number): Delivery {
    const { settings, random } = this.#options;
    switch (result.type) {
      case 'accepted':
        return { type: 'ended', result: 'accepted', reason: 'sent', attempts };
      case 'refused':
        return { type: 'ended', result: 'refused', reason: result.reason, attempts };
      case 'dead': {
        const { reason, since } = result;
        return { type: 'ended', result: 'refused', reason, attempts, dead: defined({ since }) };
      }
      case 'retry': {
        if (attempts >= settings.maxAttempts) {
          return { type: 'ended', result: 'given_up', reason: result.reason, attempts };
        }
        const waitMs = backoffMs(attempts - 1, settings.retry, random);
        return { type: 'later', delayMs: Math.max(waitMs, result.afterMs ?? 0), attempts };
      }
    }
  }
}
