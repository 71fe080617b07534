import { EventConsumer, SERVER_EVENT_RULES, type ShardTroubles } from '@chasqui/core';
import { HOOKS_GROUP, SERVER_EVENT_TOPIC, type ServerEvent } from '@chasqui/domain';
import type { Runtime } from '@chasqui/kit';
import type { BusConsumer, Engines } from '@chasqui/ports';
import { EndpointKeeper } from './endpoint-keeper.ts';
import type { HooksMetrics } from './hooks-metrics.ts';
import { LogTrimmer } from './log-trimmer.ts';
import { DEFAULT_HOOKS_SETTINGS, type HooksSettings } from './settings.ts';
import type { WebhookSender } from './webhook-sender.ts';

export interface HooksOptions {
  runtime: Runtime<HooksMetrics>;
  engines: Pick<Engines, 'bus' | 'serverEvents' | 'webhooks'>;
  sender: WebhookSender;
  settings?: Partial<HooksSettings>;
}

/** How long an endpoint may fail before operators are told, in ms. */
const TOLD_AFTER_MS = 5 * 60_000;

/**
 * One Hooks process without its engines: writes server events into their log, and delivers them to webhook endpoints. A
 * slow or failing receiver delays neither the log nor other endpoints.
 */
export class Hooks implements AsyncDisposable {
  readonly #runtime: Runtime<HooksMetrics>;
  readonly #events: EventConsumer<ServerEvent>;
  readonly #consumer: BusConsumer;
  readonly #keeper: EndpointKeeper;
  readonly #trimmer: LogTrimmer;

  constructor({ runtime, engines, sender, settings: given }: HooksOptions) {
    const { clock, metrics } = runtime;
    const { bus, serverEvents, webhooks } = engines;
    const settings = { ...DEFAULT_HOOKS_SETTINGS, ...given };
    const parts = { ...runtime, serverEvents, webhooks, settings };
    this.#runtime = runtime;
    this.#keeper = new EndpointKeeper({ ...parts, sender });
    this.#trimmer = new LogTrimmer(parts);
    this.#events = new EventConsumer({
      topic: SERVER_EVENT_TOPIC,
      bus,
      clock,
      logger: runtime.logger,
      rules: SERVER_EVENT_RULES,
      handle: async (received) => {
        const events = received.map(({ event }) => event);
        metrics.logged(await serverEvents.append(events, clock.now()));
        this.#keeper.wake();
      },
    });
    this.#consumer = bus.consume({
      topic: SERVER_EVENT_TOPIC,
      group: HOOKS_GROUP,
      handle: (batch) => this.#events.handle(batch),
    });
  }

  /** See `EventConsumer.troubles`. */
  troubles(): ShardTroubles {
    return this.#events.troubles();
  }

  /** Blocked keys of the endpoints that this process serves. */
  get blockedKeys(): number {
    return [...this.#keeper.served].reduce((sum, { delivery }) => sum + delivery.record.lanes.size, 0);
  }

  /** Endpoints at which nothing has succeeded for a while, as sentences. */
  degraded(): string[] {
    const now = this.#runtime.clock.now();
    return [...this.#keeper.served].flatMap(({ delivery: { endpoint, record } }) =>
      record.failingSince !== null && now - record.failingSince > TOLD_AFTER_MS
        ? [`the webhook endpoint ${endpoint.endpointId} takes no events: ${record.error}`]
        : [],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#trimmer[Symbol.dispose]();
    await this.#consumer[Symbol.asyncDispose]();
    await this.#keeper[Symbol.asyncDispose]();
  }
}
