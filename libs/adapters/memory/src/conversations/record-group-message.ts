import {
  formerSender,
  groupLog,
  type MessageId,
  type MessageToRecord,
  type Place,
  type PostRefusal,
  placeImported,
  placeLast,
  postRefusal,
  previewOf,
} from '@chasqui/domain';
import type { KeptConversations } from './kept-conversations.ts';

/** Appends a message to a group's log, or says why the log's order refuses it (C18). Null: it is out of order. */
export function recordGroupMessage(
  state: KeptConversations,
  message: MessageToRecord,
  now: number,
): { messageId: MessageId; places: Place[]; refused?: PostRefusal } | null {
  const { conversationId, from, clientMessageId, mentions = [], sentAt } = message;
  const kept = state.groups.groups.get(conversationId);
  const sender = kept?.members.get(from)?.member;
  const refused = message.isImported
    ? null
    : postRefusal(kept?.group ?? null, sender, { from, mentionsAll: mentions === 'all', at: sentAt });
  if (kept === undefined || refused !== null) {
    return { messageId: message.messageId, places: [], refused: refused ?? 'not_a_member' };
  }
  const messageId = (message.isImported ? placeImported : placeLast)(kept.group.lastMessageId, message);
  if (messageId === null) return null;
  const log = groupLog(conversationId);
  const update = { type: 'message', conversationId, messageId, from, clientMessageId } as const;
  const place = { log, position: state.log(log).append(update, now) };
  kept.messages.push({ messageId, from, mentions });
  const former = formerSender(kept.group, sender, { from, at: sentAt });
  if (former !== null) kept.members.set(from, { member: former, read: { upTo: '', at: 0, node: '' } });
  kept.group = {
    ...kept.group,
    lastMessageId: messageId,
    lastFrom: from,
    preview: previewOf(message.content),
    updatedAt: Math.max(kept.group.updatedAt, sentAt, now),
  };
  return { messageId, places: [place] };
}
