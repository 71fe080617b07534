import {
  contentDigests,
  type Message,
  type MessageToRecord,
  noteMoved,
  placeMessage,
  previewOf,
  type UserId,
} from '@chasqui/domain';
import type { RecordOutcome, UnreadState } from '@chasqui/ports';
import type { ConversationState } from './conversation-state.ts';

export function unreadState(state: ConversationState, userId: UserId, conversationId: string): UnreadState {
  let total = 0;
  for (const row of state.rowsOf(userId)) total += row.unread;
  return {
    userId,
    conversationId,
    count: state.row(userId, conversationId)?.unread ?? 0,
    total,
    position: state.inboxes.get(userId)?.head ?? 0,
  };
}

function touchRow(state: ConversationState, userId: UserId, message: Message): void {
  const { conversationId, messageId, from, to, sentAt } = message;
  let row = state.row(userId, conversationId);
  if (row === undefined) {
    row = {
      userId,
      conversationId,
      peer: userId === from ? to : from,
      lastMessageId: '',
      lastFrom: from,
      preview: '',
      unread: 0,
      readUpTo: '',
      updatedAt: sentAt,
      unreadIds: [],
    };
    state.addRow(row);
  }
  if (messageId > row.lastMessageId) {
    row.lastMessageId = messageId;
    row.lastFrom = from;
    row.preview = previewOf(message.content);
  }
  row.updatedAt = Math.max(row.updatedAt, sentAt);
  if (userId === to && messageId > row.readUpTo) {
    row.unreadIds.push(messageId);
    row.unread++;
  }
}

/** Records one message; see `SessionStore.record`. */
export function recordMessage(state: ConversationState, message: MessageToRecord, now: number): RecordOutcome {
  const { from, to, conversationId, clientMessageId } = message;
  const key = `${from} ${clientMessageId}`;
  const [own, theirs] = [`${conversationId} ${from}`, `${conversationId} ${to}`];
  const digests = contentDigests(message);
  const known = state.keys.get(key);
  if (known !== undefined) {
    if (!digests.includes(known.digest)) return { result: 'conflict', messageId: known.messageId };
    const { messageId, senderPosition, receiverPosition } = known;
    state.sent.set(own, noteMoved(state.sent.get(own) ?? '', message.messageId, messageId));
    const unread = unreadState(state, to, conversationId);
    return { result: 'duplicate', messageId, senderPosition, receiverPosition, unread };
  }
  const { messageId, order } = placeMessage(state.sent.get(own) ?? '', state.sent.get(theirs) ?? '', message, now);
  const stored = { ...message, messageId };
  const update = { type: 'message', conversationId, messageId, from, clientMessageId } as const;
  const senderPosition = state.inbox(from).append(update, now);
  const receiverPosition = message.silenced ? 0 : state.inbox(to).append(update, now);
  touchRow(state, from, stored);
  if (!message.silenced) touchRow(state, to, stored);
  state.sent.set(own, order);
  state.keys.set(key, { digest: digests[0], messageId, senderPosition, receiverPosition, at: now });
  const unread = unreadState(state, to, conversationId);
  return { result: 'recorded', messageId, senderPosition, receiverPosition, unread };
}

/** Forgets keys that were recorded longer than the window ago. */
export function forgetKeys(state: ConversationState, recordedUntil: number): void {
  for (const [key, { at }] of state.keys) {
    if (at > recordedUntil) return;
    state.keys.delete(key);
  }
}
