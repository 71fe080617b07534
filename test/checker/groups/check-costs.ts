import { inboxOf } from '@chasqui/domain';
import { type Violation, violation } from '../violation.ts';
import type { GroupEvidence } from './evidence.ts';
import type { GroupOutcome } from './outcome.ts';

/**
 * C19: a message writes one log entry, in its group, is handed once to each node, and comes live once to each session. A
 * device has two while its log-in on another node replaces a session: that node learns of it a moment later.
 */
export async function checkCosts(
  { sent, engines, forwards }: Pick<GroupEvidence, 'sent' | 'engines' | 'forwards'>,
  { group, members }: GroupOutcome,
): Promise<Violation[]> {
  const faults: Violation[] = [];
  const id = group.conversationId;
  for (const userId of members.keys()) {
    const { entries } = await engines.logs.page(inboxOf(userId), 0, 10_000);
    if (entries.some((entry) => entry.type === 'message' && entry.conversationId === id)) {
      faults.push(violation('C19', `the inbox of ${userId} has messages of ${id}`));
    }
    const [entry] = await engines.conversations.entries([{ userId, conversationId: id }]);
    if (entry != null) faults.push(violation('C19', `${userId} has an entry of their own for ${id}`));
  }
  const pushed = new Map<string, number>();
  for (const { device, session, frame } of sent) {
    if (frame.type !== 'chat' || frame.conversationId !== id) continue;
    const key = `${device} in ${session}: ${frame.messageId}`;
    pushed.set(key, (pushed.get(key) ?? 0) + 1);
  }
  for (const [key, times] of [...pushed, ...forwards]) {
    if (times > 1) faults.push(violation('C19', `a message of ${id} came ${times} times: ${key}`));
  }
  return faults;
}
