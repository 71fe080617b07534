import { quotesOf, readState, storedChatFrame, withoutHidden } from '@chasqui/core';
import { ImError, type StoredMessage, type UserId } from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { ApiContext } from '../context.ts';
import { clearedIn } from './conversation-states.ts';

/**
 * Messages as their reader is shown them, with their statuses and, of those that answer another one, what the reader may
 * see of it: nothing that they have cleared or hidden.
 */
export async function shownMessages(
  context: ApiContext,
  userId: UserId,
  messages: readonly StoredMessage[],
): Promise<ServerFrameOf<'chat'>[]> {
  const [stored, quotes] = await Promise.all([
    readState(context, messages),
    quotesOf(context.messages, messages, (found) => visibleNow(context, userId, found)),
  ]);
  return stored.map((message) => storedChatFrame(message, undefined, quotes.get(message.messageId)));
}

/** Those of the messages that the user may see and has neither cleared nor hidden; null for each of the others. */
async function visibleNow(
  context: ApiContext,
  userId: UserId,
  found: readonly (StoredMessage | null)[],
): Promise<(StoredMessage | null)[]> {
  const visible = await context.access.visible(userId, found);
  const ids = visible.flatMap((message) => (message === null ? [] : [message.conversationId]));
  const [cleared, kept] = await Promise.all([
    clearedIn(context, userId, ids),
    withoutHidden(context.conversationStates, userId, visible),
  ]);
  return kept.map((message) =>
    message !== null && message.messageId > (cleared.get(message.conversationId) ?? '') ? message : null,
  );
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
