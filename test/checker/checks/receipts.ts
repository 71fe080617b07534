import { statusRank } from '@chasqui/domain';
import type { History } from '../history.ts';
import type { KeptMessage, Outcome } from '../outcome.ts';
import type { DeviceName, ShownState } from '../records.ts';
import { type Violation, violation } from '../violation.ts';
import { isRefusedForward } from './resent-forwards.ts';

const ranks: Record<ShownState, number> = {
  sending: 0,
  queued: 1,
  stored: 2,
  unread: 3,
  delivered: 4,
  read: 5,
  failed: 6,
};

/** C7: on no screen does the state of an own message move back. */
export function checkForward(history: History): Violation[] {
  const faults: Violation[] = [];
  const shown = new Map<string, ShownState>();
  for (const { device, run, items } of history.of('viewed')) {
    for (const { identity, state, mine } of items) {
      const key = `${device} ${run} ${identity}`;
      const before = shown.get(key);
      shown.set(key, state);
      if (!mine || before === undefined || ranks[state] >= ranks[before]) continue;
      if (before === 'failed' && isRefusedForward(history, identity)) continue;
      faults.push(violation('C7', `${device} shows ${identity} as ${state} after ${before}`, identity));
    }
  }
  return faults;
}

/** C7: every device of a sender has learned the status of each message. */
export function checkLearned(history: History, { messages, devices }: Outcome): Violation[] {
  const learned = learnedRanks(history, messages);
  const faults: Violation[] = [];
  for (const { identity, from, status } of messages) {
    for (const { device, user } of devices) {
      if (user !== from) continue;
      const rank = learned.get(`${device} ${identity}`) ?? 0;
      if (rank >= statusRank(status)) continue;
      faults.push(violation('C7', `${device} has not learned that ${identity} is ${status}`, identity));
    }
  }
  return faults;
}

/**
 * C7: the statuses that a sender was given for a message, by id or by a mark, never exceed the final one in history.
 */
export function checkNotTakenBack(history: History, { messages }: Outcome): Violation[] {
  const faults = new Map<string, Violation>();
  const byConversation = Map.groupBy(messages, ({ conversationId }) => conversationId);
  for (const { device, conversationId, state, messageIds, upTo = '' } of history.of('receipt')) {
    const user = device.slice(0, device.indexOf('/'));
    for (const { identity, messageId, from, status } of byConversation.get(conversationId) ?? []) {
      if (from !== user || !(messageIds.includes(messageId) || messageId <= upTo)) continue;
      if (statusRank(status) >= statusRank(state)) continue;
      faults.set(identity, violation('C7', `${device} was told ${state} of ${identity}, which is ${status}`, identity));
    }
  }
  return [...faults.values()];
}

/** By device and message: the rank of the furthest status that a receipt or the message itself has announced. */
function learnedRanks(history: History, messages: readonly KeptMessage[]): Map<string, number> {
  const learned = new Map<string, number>();
  const learn = (device: DeviceName, identity: string, rank: number) => {
    const key = `${device} ${identity}`;
    learned.set(key, Math.max(learned.get(key) ?? 0, rank));
  };
  const byConversation = Map.groupBy(messages, ({ conversationId }) => conversationId);
  for (const { device, conversationId, state, messageIds, upTo = '' } of history.of('receipt')) {
    const user = device.slice(0, device.indexOf('/'));
    for (const { identity, messageId, from } of byConversation.get(conversationId) ?? []) {
      if (from !== user || !(messageIds.includes(messageId) || messageId <= upTo)) continue;
      learn(device, identity, statusRank(state));
    }
  }
  for (const { device, items } of history.of('viewed')) {
    for (const { identity, state, mine } of items) {
      if (mine && state !== 'failed') learn(device, identity, Math.max(0, ranks[state] - ranks.stored));
    }
  }
  return learned;
}
