import type { ConversationId } from '../conversation/conversation-id.ts';
import { SYSTEM_USER } from '../conversation/system-user.ts';
import type { Member } from './member.ts';

/** What the system counts as in a group, though it is in none: it may do what the owner may, and see everything. */
export function systemMember(conversationId: ConversationId): Member {
  return {
    conversationId,
    userId: SYSTEM_USER,
    role: 'owner',
    joinedAt: 0,
    mutedUntil: 0,
    intervals: [{ after: 0, afterId: '' }],
    leftAt: 0,
    wasRemoved: false,
  };
}
