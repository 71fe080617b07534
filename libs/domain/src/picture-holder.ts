import type { AttachmentHolder } from './attachment.ts';
import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { HoldKind } from './legal-hold.ts';

/** Who shows a profile picture: the holder of its reference, and what legal holds on it are on. */
export interface PictureHolder {
  holder: AttachmentHolder;
  kind: HoldKind;
  subject: string;
}

/** No conversation and no legal hold has this holder. */
export function pictureOfUser(userId: UserId): PictureHolder {
  return { holder: `*${userId}`, kind: 'user', subject: userId };
}

export function pictureOfGroup(conversationId: ConversationId): PictureHolder {
  return { holder: `#${conversationId}`, kind: 'conversation', subject: conversationId };
}
