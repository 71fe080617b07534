import type { ConversationId, MessageId, UserId } from '@chasqui/domain';
import type { KeptUpdate, Outcome, ServedUnread } from '../outcome.ts';
import { type Violation, violation } from '../violation.ts';

/** C8: counts follow from the inboxes, own messages are never counted, and recounting finds no drift. */
export function checkUnread({ unread, inboxes, drift }: Outcome): Violation[] {
  const faults = drift.map((text) => violation('C8', `recounting reports drift: ${text}`));
  for (const { user, updates } of inboxes) {
    const served: ServedUnread = unread.find((one) => one.user === user) ?? { total: 0, byConversation: {} };
    const expected = countUnread(user, updates);
    const conversations = new Set([...expected.keys(), ...Object.keys(served.byConversation)]);
    for (const conversationId of conversations) {
      const [count, right] = [served.byConversation[conversationId] ?? 0, expected.get(conversationId) ?? 0];
      if (count !== right) {
        faults.push(violation('C8', `${user} has ${right} unread in ${conversationId} and is told ${count}`));
      }
    }
    const total = [...expected.values()].reduce((sum, count) => sum + count, 0);
    if (served.total !== total)
      faults.push(violation('C8', `${user} has ${total} unread in all and is told ${served.total}`));
  }
  return faults;
}

/** The model: incoming messages above the read mark. */
function countUnread(user: UserId, updates: readonly KeptUpdate[]): Map<ConversationId, number> {
  const readUpTo = new Map<ConversationId, MessageId>();
  for (const update of updates) {
    if (update.type !== 'read' || update.upTo <= (readUpTo.get(update.conversationId) ?? '')) continue;
    readUpTo.set(update.conversationId, update.upTo);
  }
  const counts = new Map<ConversationId, number>();
  for (const update of updates) {
    if (update.type !== 'message' || update.from === user) continue;
    if (update.messageId <= (readUpTo.get(update.conversationId) ?? '')) continue;
    counts.set(update.conversationId, (counts.get(update.conversationId) ?? 0) + 1);
  }
  return counts;
}
