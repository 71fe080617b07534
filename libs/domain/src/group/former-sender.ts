import type { UserId } from '../conversation/conversation-id.ts';
import { SYSTEM_USER } from '../conversation/system-user.ts';
import type { Group } from './group.ts';
import type { Member } from './member.ts';

/**
 * The row that the sender of an imported message gets who never was in the group here, so that their groups can be
 * listed: as of a former member, but they see nothing of the group. Null: they need none. `at`: Unix ms of the message.
 */
export function formerSender(
  group: Group,
  known: Member | null | undefined,
  { from: userId, at }: { from: UserId; at: number },
): Member | null {
  if (known != null || userId === SYSTEM_USER) return null;
  const { conversationId, name, description, picture, settings, memberCount, version } = group;
  return {
    ...{ conversationId, userId, role: 'member', joinedAt: 0, mutedUntil: 0, wasRemoved: false },
    intervals: [{ after: 0, afterId: '', upTo: 0, upToId: '' }],
    leftAt: Math.max(1, at),
    lastSeen: { name, description, picture, settings, memberCount, version },
  };
}

/** Whether it is such a row, and its user never joined since. */
export function neverJoined({ intervals }: Member): boolean {
  return intervals.every(({ upTo }) => upTo === 0);
}
