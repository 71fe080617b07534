import type { Clock, Random, WebhookEndpoint } from '@chasqui/domain';
import { backoffMs, type Logger, sleep } from '@chasqui/kit';
import type { LoggedEvent } from '@chasqui/ports';
import { EndpointGate } from './endpoint-gate.ts';
import type { EndpointRecord } from './endpoint-record.ts';
import type { HooksMetrics } from './hooks-metrics.ts';
import type { KeyLane } from './key-lane.ts';
import type { HooksSettings } from './settings.ts';
import { failed, type SendResult, type WebhookSender } from './webhook-sender.ts';

/** Dead letters that may wait to be saved. */
const MAX_UNSAVED = 1_000;

export interface EventAttemptsOptions {
  sender: WebhookSender;
  clock: Clock;
  random: Random;
  logger: Logger;
  metrics: HooksMetrics;
  settings: HooksSettings;
  record: EndpointRecord;
  /** Ends everything. */
  stopped: AbortSignal;
  /** The receiver wants no more events. Not called again after it was called. */
  gone(): void;
  /** Something succeeded after a while in which nothing did. */
  recovered(): void;
}

/** Makes the requests for one endpoint, and decides what each answer means. */
export class EventAttempts {
  readonly #options: EventAttemptsOptions;
  readonly #gate: EndpointGate;
  endpoint: WebhookEndpoint;

  constructor(endpoint: WebhookEndpoint, options: EventAttemptsOptions) {
    this.endpoint = endpoint;
    this.#options = options;
    this.#gate = new EndpointGate(options);
  }

  /**
   * Tries the next event of a lane once. True: it is over, as the receiver has it or it is a dead letter. False: it comes
   * again at the lane's `nextAt`. Rejects when stopped.
   */
  async attempt(lane: KeyLane, logged: LoggedEvent): Promise<boolean> {
    const { stopped, record, clock, random, settings } = this.#options;
    while (record.unsavedLetters >= MAX_UNSAVED) await sleep(clock, settings.saveMs, stopped);
    const sendIfHopeful = async () => (this.#isHopeless(logged) ? null : this.#send(logged));
    const result = this.#isHopeless(logged) ? null : await this.#gate.run(stopped, sendIfHopeful);
    if (result?.type === 'taken') return true;
    if (result?.type === 'gone') throw this.#end();
    const now = clock.now();
    if (result === null || now - logged.loggedAt >= this.#retryForMs) {
      this.#options.metrics.ended('dead_letter');
      record.bury(logged, result?.reason ?? record.error, now);
      return true;
    }
    const waitMs = Math.max(result.afterMs ?? 0, backoffMs(lane.attempts++, settings.retry, random));
    lane.nextAt = now + waitMs;
    lane.error = result.reason;
    return false;
  }

  /** Sends a dead letter once more. Undefined: the receiver has it; otherwise why not. Rejects when stopped. */
  async again(logged: LoggedEvent): Promise<string | undefined> {
    const result = await this.#gate.run(this.#options.stopped, () => this.#send(logged));
    if (result.type === 'gone') throw this.#end();
    return result.type === 'taken' ? undefined : result.reason;
  }

  get #retryForMs(): number {
    return this.endpoint.retryForMs ?? this.#options.settings.retryForMs;
  }

  /** Nothing succeeded for as long as an event is tried: it need not fail once more by itself. */
  #isHopeless({ loggedAt }: LoggedEvent): boolean {
    const { record, clock } = this.#options;
    const since = clock.now() - this.#retryForMs;
    return loggedAt <= since && record.failingSince !== null && record.failingSince <= since;
  }

  async #send({ event }: LoggedEvent): Promise<SendResult> {
    const { sender, clock, settings, stopped, metrics, logger } = this.#options;
    const limit = new AbortController();
    const timer = clock.after(settings.requestTimeoutMs, () => limit.abort());
    const startedAt = clock.monotonic();
    let result: SendResult;
    try {
      result = await sender.send(this.endpoint, event, AbortSignal.any([limit.signal, stopped]));
    } catch (error) {
      logger.error({ err: error, endpoint: this.endpoint.endpointId }, 'a webhook could not be sent');
      result = failed('internal');
    } finally {
      timer.cancel();
    }
    stopped.throwIfAborted();
    metrics.answered(result.type, clock.monotonic() - startedAt);
    this.#note(result);
    return result;
  }

  #note(result: SendResult): void {
    const { record, clock, recovered } = this.#options;
    if (result.type === 'failed') {
      record.failingSince ??= clock.now();
      record.error = result.reason;
      if (result.isOfEvent !== true) this.#gate.failed(result.afterMs);
    } else if (result.type === 'taken') {
      const wasFailing = this.#gate.isFailing;
      record.servedAt = clock.now();
      record.failingSince = null;
      this.#gate.succeeded();
      if (wasFailing) recovered();
    }
    record.changed();
  }

  #end(): Error {
    this.#options.gone();
    return new Error('the receiver wants no more events');
  }
}
