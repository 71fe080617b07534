import { type AddressCheck, type Clock, PUSH_TOPIC, type PushOutcome } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { DeviceStore, MessageBus, PushOutcomes, RateLimits } from '@chasqui/ports';
import type { Deliverer, Delivery } from './deliverer.ts';
import { mailboxIsFull } from './mailbox-limit.ts';
import { collapseIdOf } from './notification.ts';
import type { PushMetrics } from './push-metrics.ts';
import { putBack } from './put-back.ts';
import type { PushSettings } from './settings.ts';
import { languageOf } from './texts.ts';

export interface ReceivedCheck {
  check: AddressCheck;
  /** The check may have been handled partly before. */
  redelivered: boolean;
}

export interface AddressCheckHandlerOptions {
  engines: { bus: MessageBus; rateLimits: RateLimits; devices: DeviceStore; pushOutcomes: PushOutcomes };
  deliverer: Deliverer;
  clock: Clock;
  logger: Logger;
  metrics: PushMetrics;
  nodeId: string;
  settings: PushSettings;
}

type Ended = Extract<Delivery, { type: 'ended' }>;

/**
 * Sends the codes that confirm who owns an e-mail address. Each check ends in one recorded outcome (C17); a code may be
 * sent twice.
 */
export class AddressCheckHandler {
  readonly #options: AddressCheckHandlerOptions;

  constructor(options: AddressCheckHandlerOptions) {
    this.#options = options;
  }

  /** Errors: `store_unavailable`, `bus_unavailable`; the bus then redelivers the batch. */
  async handle(received: readonly ReceivedCheck[]): Promise<void> {
    const { engines } = this.#options;
    const known = await engines.pushOutcomes.list(received.map(({ check }) => check.checkId));
    const open = received.filter((_, i) => known[i]?.length === 0);
    const deliveries = await Promise.all(open.map((one) => this.#deliver(one)));
    const later: { task: AddressCheck; delayMs: number }[] = [];
    for (const [i, delivery] of deliveries.entries()) {
      const { check } = open[i] as ReceivedCheck;
      if (delivery.type === 'ended') await this.#end(check, delivery);
      else later.push({ task: { ...check, attempts: delivery.attempts }, delayMs: delivery.delayMs });
    }
    await putBack(engines.bus, PUSH_TOPIC, later);
    if (later.length > 0) this.#options.metrics.putBack(later.length);
  }

  async #deliver({ check, redelivered }: ReceivedCheck): Promise<Delivery> {
    const { engines, deliverer, clock, settings } = this.#options;
    const { checkId, deviceId, address, code, language, at, expiresAt, attempts = 0 } = check;
    if (clock.now() > expiresAt) return { type: 'ended', result: 'given_up', reason: 'stale', attempts };
    const fresh = attempts === 0 && !redelivered;
    if (fresh && (await mailboxIsFull(engines.rateLimits, address, settings))) {
      return { type: 'ended', result: 'not_needed', reason: 'too_many_mails', attempts };
    }
    const notification = {
      messageId: checkId,
      conversationId: '',
      deviceId,
      collapseId: collapseIdOf(checkId),
      code,
      registration: { provider: 'email' as const, token: address, app: '', language, at },
      title: '',
      body: '',
      badge: null,
      language: languageOf(language, settings.language),
      expiresAt,
    };
    return deliverer.deliver(notification, attempts, (late) => this.#late(check, late));
  }

  async #end(check: AddressCheck, { result, reason, attempts, dead }: Ended): Promise<void> {
    const { engines, clock, nodeId, metrics } = this.#options;
    const { checkId, to: userId, deviceId, address } = check;
    if (dead !== undefined) await engines.devices.unregister({ userId, deviceId, provider: 'email' }, address);
    const outcome: PushOutcome = {
      subjectId: checkId,
      userId,
      deviceId,
      result,
      reason,
      attempts,
      at: clock.now(),
      node: nodeId,
      provider: attempts === 0 ? null : 'email',
    };
    const [kept] = await engines.pushOutcomes.record([outcome]);
    if (kept?.at === outcome.at && kept.node === nodeId) metrics.ended(outcome);
  }

  /**
   * Handles an answer of the mail server after the batch ended. If it is lost, the check that was put back repeats the
   * request.
   */
  #late(check: AddressCheck, ended: Ended): void {
    this.#end(check, ended).catch((error) =>
      this.#options.logger.warn({ err: error }, 'a late push outcome could not be recorded'),
    );
  }
}
