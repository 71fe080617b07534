import { quotesOf, readState, seenReactions, storedChatFrame, visibleNow } from '@chasqui/core';
import { ImError, type StoredMessage, type UserId } from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { ApiContext } from '../context.ts';

/**
 * Messages as their reader is shown them, with their statuses, the reactions to them and, of those that answer another
 * one, what the reader may see of it: nothing that they have cleared or hidden.
 */
export async function shownMessages(
  context: ApiContext,
  userId: UserId,
  messages: readonly StoredMessage[],
): Promise<ServerFrameOf<'chat'>[]> {
  const [stored, reactions, quotes] = await Promise.all([
    readState(context, messages),
    seenReactions(context, userId, messages),
    quotesOf(context.messages, messages, (found) => visibleNow(context, userId, found)),
  ]);
  return stored.map((message, index) => {
    const view = { quoted: quotes.get(message.messageId), reactions: reactions[index] };
    return storedChatFrame(message, undefined, view);
  });
}

/** One message that the user may see now (C20). Errors: `not_a_member`, `message_not_found`. */
export async function visibleMessage(context: ApiContext, userId: UserId, key: MessageKey): Promise<StoredMessage> {
  await context.access.mustHaveBelonged(key.conversationId, userId);
  const [message] = await visibleNow(context, userId, await context.messages.get([key]));
  if (message == null) throw noSuchMessage();
  return message;
}

export function noSuchMessage(): ImError {
  return new ImError('message_not_found', 'there is no such message', { field: 'messageId' });
}
