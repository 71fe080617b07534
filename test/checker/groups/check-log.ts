import { isRefusedForward } from '../checks/resent-forwards.ts';
import type { History } from '../history.ts';
import { identityOf } from '../records.ts';
import { type Violation, violation } from '../violation.ts';
import type { GroupOutcome } from './outcome.ts';

/** C18: positions are contiguous, ids rise with them, and log and message store have the same messages, each once. */
export function checkLog({ group, entries, messages }: GroupOutcome): Violation[] {
  const faults: Violation[] = [];
  const logged = new Map<string, string>();
  const identities = new Set<string>();
  let last = '';
  for (const [index, entry] of entries.entries()) {
    if (entry.position !== index + 1) {
      faults.push(violation('C18', `${group.conversationId} has position ${entry.position} at place ${index + 1}`));
    }
    if (entry.type !== 'message') continue;
    const identity = identityOf(entry.from, entry.clientMessageId);
    if (entry.messageId <= last) {
      faults.push(violation('C18', `the id of ${identity} at ${entry.position} is not behind those before`, identity));
    }
    if (identities.has(identity)) faults.push(violation('C4', `${identity} is twice in the group's log`, identity));
    last = entry.messageId;
    identities.add(identity);
    logged.set(entry.messageId, identity);
  }
  for (const { messageId, from, clientMessageId } of messages) {
    const identity = identityOf(from, clientMessageId);
    if (logged.get(messageId) === identity) continue;
    faults.push(violation('C18', `history has ${identity} as ${messageId}, the group's log does not`, identity));
  }
  const kept = new Set(messages.map(({ messageId }) => messageId));
  for (const [messageId, identity] of logged) {
    if (kept.has(messageId)) continue;
    faults.push(violation('C3', `the group's log has ${identity} as ${messageId}, history does not`, identity));
  }
  return faults;
}

/** C3, C18: every message that was written is stored under one id, or refused for good; none is both. */
export function checkFates(history: History, outcomes: readonly GroupOutcome[]): Violation[] {
  const kept = new Map<string, string>();
  for (const { entries } of outcomes) {
    for (const entry of entries) {
      if (entry.type === 'message') kept.set(identityOf(entry.from, entry.clientMessageId), entry.messageId);
    }
  }
  const written = new Set(history.of('submitted').map(({ identity }) => identity));
  // A refusal that is lost on its way binds nobody: its sender asks again.
  const told = [...history.of('refused'), ...history.of('told_refused')].sort((a, b) => b.at - a.at);
  const refused = new Map(told.map(({ identity, code, at }) => [identity, { code, at }]));
  const faults: Violation[] = [];
  for (const { identity, messageId, level } of history.of('acked')) {
    if (level !== 'stored' || kept.get(identity) === messageId) continue;
    faults.push(
      violation('C2', `${identity} was acked as stored (${messageId}), the log has ${kept.get(identity)}`, identity),
    );
  }
  for (const identity of written) {
    const refusal = refused.get(identity);
    if (!kept.has(identity) && refusal === undefined) {
      faults.push(violation('C3', `${identity} was written, and is neither stored nor refused`, identity));
    }
    if (kept.has(identity) && refusal !== undefined && !isRefusedForward(history, identity)) {
      faults.push(violation('C18', `${identity} was refused for good (${refusal.code}), and is stored`, identity));
    }
  }
  for (const identity of kept.keys()) {
    if (!written.has(identity)) faults.push(violation('C3', `${identity} is stored, and nobody wrote it`, identity));
  }
  return faults;
}
