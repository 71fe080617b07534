import type { ConversationId, MessageId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { Api } from './api.ts';

/** The HTTP API of single messages. */
export class MessagesApi {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Errors: `message_not_found` … */
  one(conversationId: ConversationId, messageId: MessageId): Promise<ServerFrameOf<'chat'>> {
    return this.#api.call('GET', `${path(conversationId)}/messages/${messageId}`);
  }
}

function path(conversationId: ConversationId): string {
  return `/api/conversations/${encodeURIComponent(conversationId)}`;
}
