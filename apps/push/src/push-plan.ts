import {
  isCurrent,
  isGroupId,
  isQuiet,
  levelNow,
  maySee,
  maySeeMessage,
  type PushProvider,
  type PushRegistration,
  type PushResult,
  type PushTask,
  type StoredMessage,
  statusRank,
  storedStatus,
} from '@chasqui/domain';
import { decide, type PushCircumstances } from './policy.ts';
import { type Target, targetsOf } from './push-targets.ts';
import type { PushSettings } from './settings.ts';
import type { TaskFacts } from './task-facts.ts';

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

function circumstancesOf(target: Target, facts: TaskFacts, options: PlanOptions): PushCircumstances {
  const { task, registration } = target;
  const { order, settings, now } = options;
  const message = facts.message(task);
  const { notifications } = facts.profile(task.to);
  const noWay = order.length === 0 || facts.devices(task.to).some((device) => device.registrations.length > 0);
  return {
    gone: message === null,
    recalled: message?.recalledAt !== undefined,
    confirmed: message !== null && isConfirmed(message, task, facts),
    blocked: facts.blocked(task) || (message !== null && !mayGet(message, task, facts)),
    off: !notifications.enabled,
    // A direct conversation is small, and each of its messages is meant for its one receiver: as if mentioned.
    muted: levelNow(facts.state(task), now, false) === 'none',
    quiet: isQuiet(notifications.quietHours, now),
    unreachable: registration !== null ? null : noWay ? 'no_provider' : 'no_device',
    stale: now - task.at > settings.maxAgeMs,
    returning: (task.waits ?? 0) < settings.maxReturnWaits && facts.cameBack(task),
  };
}

/** Nobody confirms the messages of a group: devices that are connected have them, or get them by a sync. */
function isConfirmed(message: StoredMessage, task: PushTask, facts: TaskFacts): boolean {
  const { conversationId, to } = task;
  if (!isGroupId(conversationId)) return statusRank(storedStatus(message, to)) >= statusRank('delivered');
  return facts.isOnline(to) || (facts.seat(task)?.read.upTo ?? '') >= message.messageId;
}

/** Of a group, whoever is a member now and may see the message (C20). */
function mayGet(message: StoredMessage, task: PushTask, facts: TaskFacts): boolean {
  if (!isGroupId(task.conversationId)) return maySee(message, task.to);
  const { group, member } = facts.seat(task) ?? {};
  return group !== undefined && isCurrent(member) && maySeeMessage(group, member, message.messageId);
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
