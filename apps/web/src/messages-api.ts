import type { ConversationId, MessageId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { Api } from './api.ts';

/** Messages that one call deletes for the user. */
const HIDDEN_AT_ONCE = 100;

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

  /** Deletes messages for the user alone. `done` is told of each part that is deleted. Errors: `limit_reached` … */
  async hide(
    conversationId: ConversationId,
    messageIds: readonly MessageId[],
    done: (part: readonly MessageId[]) => void,
  ): Promise<void> {
    for (let start = 0; start < messageIds.length; start += HIDDEN_AT_ONCE) {
      const part = messageIds.slice(start, start + HIDDEN_AT_ONCE);
      await this.#api.call('POST', `${path(conversationId)}/hidden-messages`, { messageIds: part });
      done(part);
    }
  }
}

function path(conversationId: ConversationId): string {
  return `/api/conversations/${encodeURIComponent(conversationId)}`;
}
