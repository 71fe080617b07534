import { readKnownMembers } from '@chasqui/core';
import {
  isCurrent,
  type MessageAction,
  maySeeMessage,
  PUSH_TOPIC,
  type StoredMessage,
  type UserId,
} from '@chasqui/domain';
import type { BusinessContext } from '../business-context.ts';

/**
 * Whom an edit mentions who was not mentioned before. `message`: before it; if a process ended in the midst of this edit,
 * it may be the message since then, so all whom the edit names count as new: repeats do no harm.
 */
export function namedBy(action: MessageAction, { mentions, revision }: StoredMessage): UserId[] {
  if (action.action !== 'edit') return [];
  const isAfter = revision >= action.revision;
  const known = new Set(isAfter || mentions === 'all' ? [] : mentions);
  return [...new Set(action.mentions)].filter((userId) => userId !== action.by && !known.has(userId));
}

/** As whoever is mentioned by a message (`planNotifications`): each device has one outcome of a message (C17). */
export async function notifyNamed(
  { publisher, clock }: Pick<BusinessContext, 'publisher' | 'clock'>,
  { messageId, conversationId, from }: StoredMessage,
  named: readonly UserId[],
): Promise<void> {
  const at = clock.now();
  await Promise.all(named.map((to) => publisher.publish(PUSH_TOPIC, to, { messageId, conversationId, from, to, at })));
}

/** Those of them who are members now and may see the message (C20). */
export async function whoSees(
  groups: BusinessContext['groups'],
  { conversationId, messageId }: StoredMessage,
  userIds: readonly UserId[],
): Promise<UserId[]> {
  const known = await readKnownMembers(
    groups,
    userIds.map((userId) => ({ conversationId, userId })),
  );
  return userIds.filter((_, index) => {
    const { group, member } = known[index] ?? {};
    return group != null && isCurrent(member) && maySeeMessage(group, member, messageId);
  });
}
