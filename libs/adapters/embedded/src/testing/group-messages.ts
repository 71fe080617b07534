import {
  type ChangeDetails,
  type ChangeName,
  type ConversationId,
  contentDigests,
  type GroupChange,
  groupLog,
  type Message,
  type MessageToRecord,
  type UserId,
} from '@chasqui/domain';

export const BOUNDS = { maxGroupMembers: 10_000, maxGroupsPerUser: 1_000 };

type Fields = Pick<Message, 'messageId' | 'conversationId' | 'from' | 'clientMessageId'> & Partial<Message>;

/** A message to a group, as it is recorded. */
export function toGroup(fields: Fields): MessageToRecord {
  const { conversationId } = fields;
  const content = { text: `text of ${fields.clientMessageId}` };
  const audience = [groupLog(conversationId)];
  const message: Message = { fromDevice: 'phone', kind: 'group', content, sentAt: 1, audience, ...fields };
  return { ...message, digests: contentDigests({ ...message, to: conversationId }) };
}

/** A change that a user asks of a group. */
export function changeOf<Name extends ChangeName>(
  conversationId: ConversationId,
  by: UserId,
  changeId: string,
  change: Name,
  details: ChangeDetails[Name],
): GroupChange {
  return { conversationId, by, changeId, change, details, at: 1 } as GroupChange;
}

export function creation(conversationId: ConversationId, by: UserId, members: readonly UserId[]): GroupChange {
  const details = { name: 'Team', description: '', picture: '', settings: { maxMembers: 10_000 }, members };
  return changeOf(conversationId, by, 'create', 'create', details);
}
