import type { ChatMessage } from '@chasqui/client';
import { defined, type UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { peerIn } from './direct.ts';

/** Converts a message of the history to the client library's form. */
export function historyMessage(frame: ServerFrameOf<'chat'>, me: UserId): ChatMessage {
  const {
    messageId,
    conversationId,
    clientMessageId,
    from,
    content = {},
    sentAt,
    status = 'stored',
    recalledAt,
  } = frame;
  return {
    messageId,
    sortKey: messageId,
    clientMessageId,
    conversationId,
    peer: peerIn(conversationId, me),
    from,
    mine: from === me,
    content,
    sentAt,
    state: status,
    provisional: false,
    ...defined({ recalledAt }),
  };
}
