import { EventConsumer, EventPublisher, PUSH_RULES, type ShardTroubles, WantedEvents } from '@chasqui/core';
import {
  type AddressCheck,
  type GroupPlan,
  PUSH_GROUP,
  PUSH_TOPIC,
  type PushProvider,
  type PushTask,
} from '@chasqui/domain';
import { type Runtime, sleep, spanEach } from '@chasqui/kit';
import type { BusConsumer, Engines } from '@chasqui/ports';
import { AddressCheckHandler, type ReceivedCheck } from './address-check-handler.ts';
import { Deliverer } from './deliverer.ts';
import { GroupPlanHandler } from './group-plan-handler.ts';
import { OutcomeEvents } from './outcome-events.ts';
import { OutcomeTrimmer } from './outcome-trimmer.ts';
import { createPushMetrics } from './push-metrics.ts';
import type { PushSender } from './push-sender.ts';
import { DEFAULT_PUSH_SETTINGS, type PushSettings } from './settings.ts';
import { type ReceivedTask, TaskHandler } from './task-handler.ts';

/** Maximum number of tasks handled together (C16). */
const MAX_TASKS = 500;

/** The engines that a Push process uses. */
export type PushEngines = Pick<
  Engines,
  | 'bus'
  | 'conversations'
  | 'conversationStates'
  | 'groups'
  | 'messages'
  | 'profiles'
  | 'contacts'
  | 'blocks'
  | 'devices'
  | 'revocations'
  | 'pushOutcomes'
  | 'presence'
  | 'unreadCache'
  | 'rateLimits'
  | 'serverEvents'
  | 'webhooks'
>;

export interface PushOptions {
  runtime: Runtime;
  engines: PushEngines;
  /** The senders of the configured providers. */
  senders: { readonly [P in PushProvider]?: PushSender };
  /** Preferred provider first: the first one that can reach a device is used. */
  order: readonly PushProvider[];
  settings?: Partial<PushSettings>;
}

/**
 * One Push process without its engines and providers. Ends every push task in one recorded outcome per device (C17). A
 * slow or failing provider delays nothing: a task that does not end within moments goes back to the bus and returns
 * later.
 */
export class Push implements AsyncDisposable {
  readonly #consumer: BusConsumer;
  readonly #events: EventConsumer<PushTask | AddressCheck | GroupPlan>;
  readonly #trimmer: OutcomeTrimmer;

  constructor({ runtime, engines, senders, order, settings: given }: PushOptions) {
    const { nodeId, clock, random, limits, logger, metrics, tracing } = runtime;
    const settings = { ...DEFAULT_PUSH_SETTINGS, ...given };
    const pushMetrics = createPushMetrics(metrics);
    const parts = { clock, random, logger, settings, metrics: pushMetrics };
    const deliverer = new Deliverer({ ...parts, senders });
    metrics.gauge('push_in_flight', 'Requests to push providers that wait for an answer', () => deliverer.inFlight);
    const configured = order.filter((provider) => senders[provider] !== undefined);
    const { bus } = engines;
    const events = new OutcomeEvents({
      ...{ wanted: new WantedEvents({ ...engines, clock, logger }), pushOutcomes: engines.pushOutcomes },
      publisher: new EventPublisher({ bus, clock, limits }),
    });
    const handler = new TaskHandler({ ...parts, nodeId, engines, deliverer, events, order: configured });
    const checks = new AddressCheckHandler({ ...parts, nodeId, engines, deliverer });
    const plans = new GroupPlanHandler({ ...parts, engines, limits });
    this.#trimmer = new OutcomeTrimmer({ ...parts, pushOutcomes: engines.pushOutcomes });
    this.#events = new EventConsumer({
      topic: PUSH_TOPIC,
      bus: engines.bus,
      clock,
      logger,
      rules: PUSH_RULES,
      async handle(events) {
        const received: ReceivedTask[] = [];
        const asked: ReceivedCheck[] = [];
        const planned: GroupPlan[] = [];
        for (const { event, redelivered } of events) {
          if (!('type' in event)) received.push({ task: event, redelivered });
          else if (event.type === 'address_check') asked.push({ check: event, redelivered });
          else planned.push(event);
        }
        if (asked.length > 0) await checks.handle(asked);
        for (let i = 0; i < received.length; i += MAX_TASKS) {
          const tasks = received.slice(i, i + MAX_TASKS);
          const traceparentOf = ({ task }: ReceivedTask) => task.trace;
          await spanEach(tracing, 'notify', tasks, traceparentOf, () => handler.handle(tasks));
        }
        await plans.handle(planned);
      },
    });
    this.#consumer = engines.bus.consume({
      topic: PUSH_TOPIC,
      group: PUSH_GROUP,
      handle: async (batch) => {
        await this.#events.handle(batch);
        // Messages come in bursts: the first is notified at once, and those that arrive during the pause share one
        // notification.
        await sleep(clock, settings.gatherMs);
      },
    });
  }

  /** See `EventConsumer.troubles`. */
  troubles(): ShardTroubles {
    return this.#events.troubles();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#trimmer[Symbol.dispose]();
    await this.#consumer[Symbol.asyncDispose]();
  }
}
