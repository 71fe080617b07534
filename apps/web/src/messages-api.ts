import type { ConversationId, MessageId, Reactor } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { type Api, withQuery } from './api.ts';

export interface ReactorsQuery {
  emoji?: string | undefined;
  cursor?: string | undefined;
}

export interface ReactorsPage {
  reactions: readonly Reactor[];
  /** Absent on the last page. */
  nextCursor?: string;
}

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

  /** Who has reacted to a message: with `emoji`, or with any. A page may have nobody and yet a `nextCursor`. */
  reactors(conversationId: ConversationId, messageId: MessageId, query: ReactorsQuery): Promise<ReactorsPage> {
    const place = `${path(conversationId)}/messages/${messageId}/reactions`;
    return this.#api.call('GET', withQuery(place, { ...query, limit: 50 }));
  }
}

function path(conversationId: ConversationId): string {
  return `/api/conversations/${encodeURIComponent(conversationId)}`;
}
