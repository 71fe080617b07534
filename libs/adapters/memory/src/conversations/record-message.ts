import {
  addresseesOf,
  attachmentIdsOf,
  groupOf,
  highestSent,
  inboxOf,
  type Message,
  type MessageToRecord,
  noteMoved,
  ownersOf,
  placeImported,
  placeMessage,
  previewOf,
  type UserId,
} from '@chasqui/domain';
import type { RecordOutcome, UnreadState } from '@chasqui/ports';
import type { KeptConversations, KnownKey } from './kept-conversations.ts';
import { recordGroupMessage } from './record-group-message.ts';

export function unreadState(state: KeptConversations, userId: UserId, conversationId: string): UnreadState {
  let total = 0;
  for (const entry of state.entriesOf(userId)) total += entry.unread;
  return {
    userId,
    conversationId,
    count: state.entry(userId, conversationId)?.unread ?? state.groups.unread(userId, conversationId),
    total,
    position: state.logs.get(inboxOf(userId))?.head ?? 0,
  };
}

function touchEntry(state: KeptConversations, userId: UserId, message: Message): void {
  const { conversationId, messageId, from, sentAt } = message;
  let entry = state.entry(userId, conversationId);
  if (entry === undefined) {
    const read = { upTo: '', at: 0, node: '' };
    entry = {
      userId,
      conversationId,
      lastMessageId: '',
      lastFrom: from,
      preview: '',
      unread: 0,
      read,
      updatedAt: sentAt,
      unreadIds: [],
    };
    state.addEntry(entry);
  }
  if (messageId > entry.lastMessageId) {
    entry.lastMessageId = messageId;
    entry.lastFrom = from;
    entry.preview = previewOf(message.content);
  }
  entry.updatedAt = Math.max(entry.updatedAt, sentAt);
  if (userId !== from && messageId > entry.read.upTo) {
    entry.unreadIds.push(messageId);
    entry.unread++;
  }
}

/** Records one message; see `ConversationStore.record`. */
export function recordMessage(state: KeptConversations, message: MessageToRecord, now: number): RecordOutcome {
  const { from, audience, conversationId, clientMessageId, digests } = message;
  const key = `${from} ${clientMessageId}`;
  const sentBy = (userId: UserId) => `${conversationId} ${userId}`;
  const orderOf = (userId: UserId) => state.sent.get(sentBy(userId)) ?? '';
  const outcome = (result: 'recorded' | 'duplicate', { messageId, places, refused }: KnownKey): RecordOutcome => {
    if (refused !== undefined) return { result: 'refused', reason: refused, messageId };
    const counted = ownersOf(places.map(({ log }) => log)).filter((userId) => userId !== from);
    return { result, messageId, places, unread: counted.map((userId) => unreadState(state, userId, conversationId)) };
  };
  const isInGroup = audience.some((log) => groupOf(log) !== null);
  const known = state.keys.get(key);
  if (known !== undefined) {
    if (!digests.includes(known.digest)) return { result: 'conflict', messageId: known.messageId };
    if (!isInGroup) state.sent.set(sentBy(from), noteMoved(orderOf(from), message.messageId, known.messageId));
    return outcome('duplicate', known);
  }
  if (isInGroup) {
    const placed = recordGroupMessage(state, message, now);
    if (placed === null) return { result: 'out_of_order', messageId: message.messageId };
    const recorded = { digest: digests[0], at: now, ...placed };
    if (placed.refused === undefined) referFrom(state, message, placed.messageId);
    state.keys.set(key, recorded);
    return outcome('recorded', recorded);
  }
  const others = addresseesOf(message).map(orderOf);
  const given = message.isImported
    ? placeImported([orderOf(from), ...others].map(highestSent).sort().at(-1) ?? '', message)
    : message.messageId;
  if (given === null) return { result: 'out_of_order', messageId: message.messageId };
  const { messageId, order } = placeMessage(orderOf(from), others, { ...message, messageId: given }, now);
  const update = { type: 'message', conversationId, messageId, from, clientMessageId } as const;
  const places = audience.map((log) => ({ log, position: state.log(log).append(update, now) }));
  for (const userId of ownersOf(audience)) touchEntry(state, userId, { ...message, messageId });
  state.sent.set(sentBy(from), order);
  referFrom(state, message, messageId);
  const recorded = { digest: digests[0], messageId, places, at: now };
  state.keys.set(key, recorded);
  return outcome('recorded', recorded);
}

function referFrom(state: KeptConversations, { content, conversationId, from }: Message, messageId: string): void {
  state.attachments.refer(attachmentIdsOf(content), conversationId, messageId, from);
}

/** Forgets keys that were recorded before the window. */
export function forgetKeys(state: KeptConversations, recordedUntil: number): void {
  for (const [key, { at }] of state.keys) {
    if (at > recordedUntil) return;
    state.keys.delete(key);
  }
}
