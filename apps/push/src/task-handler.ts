import {
  type Clock,
  type Profile,
  PUSH_TOPIC,
  type PushOutcome,
  type PushProvider,
  type PushResult,
  type PushTask,
  type Random,
} from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { ContactStore, DeviceStore, MessageBus, PushOutcomes, RateLimits } from '@chasqui/ports';
import type { Deliverer, Delivery } from './deliverer.ts';
import { mailboxIsFull } from './mailbox-limit.ts';
import { notificationOf } from './notification.ts';
import type { OutcomeEvents } from './outcome-events.ts';
import type { PushMetrics } from './push-metrics.ts';
import { type Collapsed, planOf } from './push-plan.ts';
import type { Target } from './push-targets.ts';
import { putBack } from './put-back.ts';
import type { PushSettings } from './settings.ts';
import { type FactSources, readFacts, type TaskFacts } from './task-facts.ts';

export interface ReceivedTask {
  task: PushTask;
  /** The task may have been handled partly before. */
  redelivered: boolean;
}

export interface TaskHandlerOptions {
  engines: FactSources & {
    bus: MessageBus;
    rateLimits: RateLimits;
    devices: DeviceStore;
    contacts: Pick<ContactStore, 'states'>;
    pushOutcomes: PushOutcomes;
  };
  deliverer: Deliverer;
  events: OutcomeEvents;
  order: readonly PushProvider[];
  clock: Clock;
  random: Random;
  logger: Logger;
  metrics: PushMetrics;
  nodeId: string;
  settings: PushSettings;
}

type Ended = Extract<Delivery, { type: 'ended' }>;

/** The results of a batch: outcomes, and tasks to put back. */
interface Results {
  outcomes: PushOutcome[];
  later: { task: PushTask; delayMs: number }[];
}

/**
 * Ends push tasks. Idempotent: a device with an outcome is skipped, and a notification that a crash repeats has the
 * same collapse id. Outcomes are recorded, and tasks to retry are on the bus, before the batch counts as done.
 */
export class TaskHandler {
  readonly #options: TaskHandlerOptions;

  constructor(options: TaskHandlerOptions) {
    this.#options = options;
  }

  /** Errors: `store_unavailable`, `bus_unavailable`; the bus then redelivers the batch. */
  async handle(received: readonly ReceivedTask[]): Promise<void> {
    const { engines, clock, logger, order, settings } = this.#options;
    const tasks = received.map(({ task }) => task);
    const facts = await readFacts(engines, tasks, logger);
    const plan = planOf(tasks, facts, { order, settings, now: clock.now() });
    const results: Results = { outcomes: [], later: [] };
    for (const { target, result, reason } of plan.end) {
      results.outcomes.push(this.#outcome(target, result, reason, target.task.attempts ?? 0));
    }
    for (const { task, deviceId } of plan.wait) {
      const waits = (task.waits ?? 0) + 1;
      results.later.push({ task: { ...task, deviceId, waits }, delayMs: settings.returnWaitMs });
    }
    const repeated = new Set(received.filter(({ redelivered }) => redelivered).map(({ task }) => task));
    await Promise.all(plan.send.map((collapsed) => this.#send(collapsed, facts, repeated, results)));
    await this.#record(results.outcomes);
    await this.#options.events.tellAgain([...repeated]);
    await putBack(engines.bus, PUSH_TOPIC, results.later);
    if (results.later.length > 0) this.#options.metrics.putBack(results.later.length);
  }

  async #send(
    collapsed: Collapsed,
    facts: TaskFacts,
    repeated: ReadonlySet<PushTask>,
    results: Results,
  ): Promise<void> {
    const { deliverer, clock, settings } = this.#options;
    const { targets, registration, message } = collapsed;
    const [first] = targets;
    if (first === undefined) return;
    const { deviceId, task } = first;
    const attempts = Math.max(...targets.map((target) => target.task.attempts ?? 0));
    const fresh = attempts === 0 && targets.every((target) => !repeated.has(target.task));
    const isMail = registration.provider === 'email';
    const unmailed = isMail && fresh ? await this.#whyNoMail(task, registration.token) : null;
    if (unmailed !== null) {
      results.outcomes.push(...targets.map((target) => this.#outcome(target, 'not_needed', unmailed, 0)));
      return;
    }
    const notification = notificationOf({
      message,
      deviceId,
      registration,
      settings,
      now: clock.now(),
      sender: isMail ? await this.#namedInMail(task, facts) : facts.profile(task.from),
      receiver: facts.profile(task.to),
      // A stranger may have named the group.
      seat: isMail ? null : facts.seat(task),
      unread: facts.unread(task.to),
    });
    const delivery = await deliverer.deliver(notification, attempts, (late) => this.#late(collapsed, late));
    if (delivery.type === 'ended') results.outcomes.push(...(await this.#ended(collapsed, delivery)));
    else {
      for (const target of targets) {
        const again = { ...target.task, deviceId, attempts: delivery.attempts };
        results.later.push({ task: again, delayMs: delivery.delayMs });
      }
    }
  }

  /** Display names of strangers must not appear in a mail's subject: only contacts are shown by name, others by id. */
  async #namedInMail({ from, to }: PushTask, facts: TaskFacts): Promise<Profile> {
    const [state] = await this.#options.engines.contacts.states(to, [from]);
    const sender = facts.profile(from);
    return state === 'contact' ? sender : { ...sender, displayName: from };
  }

  async #whyNoMail(task: PushTask, address: string): Promise<'collapsed' | 'too_many_mails' | null> {
    const { engines, settings } = this.#options;
    if (await this.#mailedLately(task)) return 'collapsed';
    return (await mailboxIsFull(engines.rateLimits, address, settings)) ? 'too_many_mails' : null;
  }

  /**
   * True if an e-mail about the conversation was sent recently. If that is unknown, another e-mail does less harm than
   * none.
   */
  async #mailedLately({ to, conversationId }: PushTask): Promise<boolean> {
    const { engines, settings } = this.#options;
    const limit = { perSecond: 1_000 / settings.emailPauseMs, burst: 1 };
    const waitMs = await engines.rateLimits.take(`push:email:${to}:${conversationId}`, 1, limit).catch(() => 0);
    return waitMs > 0;
  }

  /** One answer is the outcome of every message that the notification covered. */
  async #ended({ targets, registration, message }: Collapsed, ended: Ended): Promise<PushOutcome[]> {
    const { result, reason, attempts, dead } = ended;
    const [first] = targets;
    if (dead !== undefined && first !== undefined && (dead.since === undefined || registration.at <= dead.since)) {
      const { provider, token } = registration;
      const { deviceId, task } = first;
      await this.#options.engines.devices.unregister({ userId: task.to, deviceId, provider }, token);
    }
    return targets.map((target) => {
      const told = result === 'accepted' && target.task.messageId !== message.messageId ? 'collapsed' : reason;
      return this.#outcome(target, result, told, attempts);
    });
  }

  /**
   * Handles a provider's answer after the batch ended. If it is lost, the task that was put back repeats the request.
   */
  #late(collapsed: Collapsed, ended: Ended): void {
    this.#ended(collapsed, ended)
      .then((outcomes) => this.#record(outcomes))
      .catch((error) => this.#options.logger.warn({ err: error }, 'a late push outcome could not be recorded'));
  }

  #outcome(target: Target, result: PushResult, reason: string, attempts: number): PushOutcome {
    const { clock, nodeId } = this.#options;
    const { task, deviceId, registration } = target;
    return {
      subjectId: task.messageId,
      userId: task.to,
      deviceId,
      result,
      reason,
      attempts,
      provider: attempts === 0 ? null : (registration?.provider ?? null),
      at: clock.now(),
      node: nodeId,
    };
  }

  async #record(outcomes: readonly PushOutcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    const kept = await this.#options.engines.pushOutcomes.record(outcomes);
    for (const [i, outcome] of outcomes.entries()) {
      if (kept[i]?.at === outcome.at && kept[i]?.node === outcome.node) this.#options.metrics.ended(outcome);
    }
    await this.#options.events.tell(kept);
  }
}
