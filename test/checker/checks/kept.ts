import { directConversation } from '@chasqui/domain';
import { groupBy, type History } from '../history.ts';
import type { KeptMessage, Outcome } from '../outcome.ts';
import type { Identity } from '../records.ts';
import { type Violation, violation } from '../violation.ts';
import { mayBeResentForward } from './resent-forwards.ts';
import { writtenTexts } from './written-texts.ts';

/** C3: every acked message is in history, both users' inboxes and search; C12: every written one is kept or refused. */
export function checkNothingMissing(history: History, outcome: Outcome): Violation[] {
  const kept = new Map(outcome.messages.map((message) => [message.identity, message]));
  // The program that asked may have been killed since: its next run is told.
  const refused = new Set([...history.of('refused'), ...history.of('told_refused')].map(({ identity }) => identity));
  const acked = new Set(history.of('acked').map(({ identity }) => identity));
  const faults: Violation[] = [];
  for (const identity of acked) {
    const message = kept.get(identity);
    if (message === undefined) faults.push(violation('C3', `${identity} was acked and is not in history`, identity));
    else faults.push(...missingCopies(message, outcome));
  }
  const careful = history.of('submitted').filter(({ careless }) => careless !== true);
  for (const identity of new Set(careful.map((event) => event.identity))) {
    if (acked.has(identity) || refused.has(identity) || kept.has(identity)) continue;
    faults.push(
      violation('C12', `${identity} was written and, with all faults ended, neither kept nor refused`, identity),
    );
  }
  return faults;
}

function missingCopies({ identity, messageId, from, to, recalled }: KeptMessage, outcome: Outcome): Violation[] {
  const faults: Violation[] = [];
  for (const user of [from, to]) {
    const inbox = outcome.inboxes.find((one) => one.user === user);
    const entry = inbox?.updates.find((update) => update.type === 'message' && update.messageId === messageId);
    if (entry === undefined) faults.push(violation('C3', `${identity} is not in the inbox of ${user}`, identity));
    const found = outcome.found.find((one) => one.user === user)?.messageIds.includes(messageId) ?? false;
    if (!found && !recalled) faults.push(violation('C3', `${user} does not find ${identity} (${messageId})`, identity));
    if (found && recalled) faults.push(violation('C3', `${user} finds ${identity}, which was recalled`, identity));
  }
  return faults;
}

/** C3, C4: no message is anywhere twice, and none is present under an id that history does not have. */
export function checkNothingTwice({ messages, inboxes, found }: Outcome): Violation[] {
  const faults = twice(messages, 'history');
  const known = new Set(messages.map(({ messageId }) => messageId));
  for (const { user, updates } of inboxes) {
    const entries = updates.filter((update) => update.type === 'message');
    faults.push(...twice(entries, `the inbox of ${user}`));
    for (const { identity, messageId } of entries) {
      if (known.has(messageId)) continue;
      faults.push(violation('C3', `the inbox of ${user} has ${identity} as ${messageId}, history does not`, identity));
    }
  }
  for (const { user, messageIds } of found) {
    for (const messageId of messageIds) {
      if (!known.has(messageId)) faults.push(violation('C3', `${user} finds ${messageId}, which is not in history`));
    }
  }
  return faults;
}

function twice(items: readonly { identity: Identity; messageId: string }[], where: string): Violation[] {
  const faults: Violation[] = [];
  for (const [identity, same] of groupBy(items, (item) => item.identity)) {
    if (same.length === 1) continue;
    const ids = same.map(({ messageId }) => messageId).join(', ');
    faults.push(violation('C4', `${where} has ${identity} ${same.length} times: ${ids}`, identity));
  }
  return faults;
}

/** C3: every stored message was written by its sender, to that receiver, and was not clearly refused. */
export function checkNothingInvented(history: History, { messages }: Outcome): Violation[] {
  const written = groupBy(history.of('submitted'), ({ identity }) => identity);
  const refused = groupBy(history.of('refused'), ({ identity }) => identity);
  const acked = groupBy(history.of('acked'), ({ identity }) => identity);
  const textsOf = writtenTexts(history, messages);
  const faults: Violation[] = [];
  for (const { identity, from, to, text, recalled, conversationId } of messages) {
    const drafts = written.get(identity) ?? [];
    if (!drafts.some((draft) => draft.to === to) || !(recalled || textsOf(identity).has(text))) {
      faults.push(violation('C3', `${identity} is in history and nobody wrote it so`, identity));
    }
    if (conversationId !== directConversation(from, to)) {
      faults.push(violation('C3', `${identity} is in the conversation ${conversationId}`, identity));
    }
    const acks = acked.get(identity) ?? [];
    const refusal = refused.get(identity)?.find((one) => {
      // Of several texts under one key the others are refused, and must be.
      if (!recalled && one.text !== text && drafts.some((draft) => draft.text !== one.text)) return false;
      if (one.code === 'message_not_found' && mayBeResentForward(history, one.identity)) return false;
      // Refused after it was acked: the refusal answers a copy; the sender already has the ack.
      if (acks.some(({ at }) => at <= one.at)) return false;
      // Written again after a refusal, and accepted then: the first copy's id was known from a dedup hint alone.
      const again = drafts.find((draft) => draft.at > one.at && draft.text === one.text);
      return again === undefined || !acks.some(({ at }) => at >= again.at);
    });
    if (refusal === undefined) continue;
    faults.push(violation('C3', `${identity} was refused for good (${refusal.code}) and is in history`, identity));
  }
  return faults;
}
