import { createHash } from 'node:crypto';
import {
  type ConversationId,
  cutText,
  type MessageContent,
  type Profile,
  type PushRegistration,
  type StoredMessage,
} from '@chasqui/domain';
import type { GroupHead, UnreadCounts } from '@chasqui/ports';
import type { PushNotification } from './push-sender.ts';
import type { PushSettings } from './settings.ts';
import { type Language, languageOf, textsIn } from './texts.ts';

/** How many code units of a message a notification shows. */
const PREVIEW = 120;

/** User ids never leave the server as a collapse id: providers get a digest. */
export function collapseIdOf(conversationId: ConversationId): string {
  return createHash('sha256').update(conversationId).digest('base64url').slice(0, 32);
}

function preview(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length > PREVIEW ? `${cutText(line, PREVIEW - 1)}…` : line;
}

/** What a content says in one line; empty: nothing that could be shown. */
function textOf({ text = '', location, contact, attachments }: MessageContent, language: Language): string {
  const texts = textsIn(language);
  const parts = [];
  if (location !== undefined) parts.push(texts.location, location.name ?? location.address);
  else if (contact !== undefined) parts.push(texts.contact, contact.name ?? contact.userId);
  else if (attachments !== undefined) parts.push(texts.files(attachments.length), attachments[0]?.name);
  return [...parts, text].filter((part) => part !== undefined && part !== '').join(': ');
}

export interface NotificationParts {
  /** The newest message that the notification is about. */
  message: StoredMessage;
  deviceId: string;
  registration: PushRegistration;
  sender: Profile;
  receiver: Profile;
  /** The receiver in the message's group; null: there is none, or its name may not be shown. */
  seat: GroupHead | null;
  /** Null: currently unknown. `byConversation`: of direct conversations; `total`: of all. */
  unread: UnreadCounts | null;
  now: number;
  settings: Pick<PushSettings, 'allowText' | 'language' | 'maxAgeMs'>;
}

/**
 * Shows the sender and the group, and the text if both the server and the receiver allow it, otherwise the number of unread messages.
 */
export function notificationOf(parts: NotificationParts): PushNotification {
  const { message, deviceId, registration, sender, receiver, seat, unread, now, settings } = parts;
  const { conversationId, messageId, content } = message;
  const language = languageOf(registration.language, receiver.locale, settings.language);
  const waiting = seat?.unread ?? unread?.byConversation[conversationId] ?? 1;
  const text = settings.allowText && receiver.notifications.showText ? preview(textOf(content, language)) : '';
  return {
    messageId,
    conversationId,
    deviceId,
    registration,
    language,
    collapseId: collapseIdOf(conversationId),
    title: seat === null ? sender.displayName : `${sender.displayName} (${seat.group.name})`,
    body: text === '' ? textsIn(language).newMessages(waiting) : text,
    badge: unread?.total ?? null,
    expiresAt: now + settings.maxAgeMs,
  };
}
