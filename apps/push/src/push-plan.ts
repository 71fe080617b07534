import {
  type Device,
  isQuiet,
  levelNow,
  maySee,
  type PushProvider,
  type PushRegistration,
  type PushResult,
  type PushTask,
  type StoredMessage,
  statusRank,
  storedStatus,
} from '@chasqui/domain';
import { decide, type PushCircumstances } from './policy.ts';
import type { PushSettings } from './settings.ts';
import type { TaskFacts } from './task-facts.ts';

/** One task and one device of its receiver; the device id is empty if there is no device. */
export interface Target {
  task: PushTask;
  deviceId: string;
  registration: PushRegistration | null;
}

/** Targets that share one notification: one device, one conversation, in message order. */
export interface Collapsed {
  targets: Target[];
  registration: PushRegistration;
  /** The newest message. */
  message: StoredMessage;
}

/** What to do about a batch. */
export interface PushPlan {
  end: { target: Target; result: PushResult; reason: string }[];
  wait: Target[];
  send: Collapsed[];
}

export interface PlanOptions {
  /** The configured providers, preferred ones first. */
  order: readonly PushProvider[];
  settings: PushSettings;
  /** Unix ms. */
  now: number;
}

/** The registration by which the device is best reached, of the configured providers. */
function registrationOf(device: Device, order: readonly PushProvider[]): PushRegistration | null {
  for (const provider of order) {
    const found = device.registrations.find((one) => one.provider === provider);
    if (found !== undefined) return found;
  }
  return null;
}

/** The targets that a task may still concern: devices with a registration and no outcome. */
function targetsOf(task: PushTask, facts: TaskFacts, order: readonly PushProvider[]): Target[] {
  const ended = new Set(facts.outcomes(task).map(({ deviceId }) => deviceId));
  // An outcome without a device ends the whole task; devices that registered later were not meant.
  if (ended.has('')) return [];
  const registered = facts.devices(task.to).filter(({ registrations }) => registrations.length > 0);
  const targets: Target[] = registered.map((device) => ({
    task,
    deviceId: device.deviceId,
    registration: registrationOf(device, order),
  }));
  if (task.deviceId !== undefined) {
    const [target] = targets.filter(({ deviceId }) => deviceId === task.deviceId);
    return ended.has(task.deviceId) ? [] : [target ?? { task, deviceId: task.deviceId, registration: null }];
  }
  if (targets.length > 0) return targets.filter(({ deviceId }) => !ended.has(deviceId));
  return ended.size > 0 ? [] : [{ task, deviceId: '', registration: null }];
}

function circumstancesOf(target: Target, facts: TaskFacts, options: PlanOptions): PushCircumstances {
  const { task, registration } = target;
  const { order, settings, now } = options;
  const message = facts.message(task);
  const { notifications } = facts.profile(task.to);
  const noWay = order.length === 0 || facts.devices(task.to).some((device) => device.registrations.length > 0);
  return {
    gone: message === null,
    recalled: message?.recalledAt !== undefined,
    confirmed: message !== null && statusRank(storedStatus(message, task.to)) >= statusRank('delivered'),
    blocked: facts.blocked(task) || (message !== null && !maySee(message, task.to)),
    off: !notifications.enabled,
    // A direct conversation is small, and each of its messages is meant for its one receiver: as if mentioned.
    muted: levelNow(facts.state(task), now, false) === 'none',
    quiet: isQuiet(notifications.quietHours, now),
    unreachable: registration !== null ? null : noWay ? 'no_provider' : 'no_device',
    stale: now - task.at > settings.maxAgeMs,
    returning: (task.waits ?? 0) < settings.maxReturnWaits && facts.cameBack(task),
  };
}

/** Decides for each task and device, and combines messages of one conversation. */
export function planOf(tasks: readonly PushTask[], facts: TaskFacts, options: PlanOptions): PushPlan {
  const plan: PushPlan = { end: [], wait: [], send: [] };
  const collapsed = new Map<string, Collapsed>();
  const seen = new Set<string>();
  for (const task of [...tasks].sort((a, b) => (a.messageId < b.messageId ? -1 : 1))) {
    for (const target of targetsOf(task, facts, options.order)) {
      const key = `${task.messageId} ${task.to} ${target.deviceId}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const decision = decide(circumstancesOf(target, facts, options));
      const message = facts.message(task);
      if (decision.type === 'end') plan.end.push({ target, result: decision.result, reason: decision.reason });
      else if (decision.type === 'wait') plan.wait.push(target);
      else if (message !== null && target.registration !== null) {
        const group = `${task.to} ${target.deviceId} ${task.conversationId}`;
        const known = collapsed.get(group);
        if (known === undefined)
          collapsed.set(group, { targets: [target], registration: target.registration, message });
        else {
          known.targets.push(target);
          known.message = message;
        }
      }
    }
  }
  plan.send.push(...collapsed.values());
  return plan;
}
