import type { Client } from '@chasqui/client';
import { BoundedMap, type ConversationId, type MessageContent, type MessageId } from '@chasqui/domain';
import type { Api } from '../../api.ts';
import { type KindName, messageKind } from '../../model/files/message-kind.ts';

const MAX_KINDS = 500;
/** The last message is among the last ones of its conversation. */
const LOOKED_AT = 5;

/** What last messages without a text are, which the server's list of conversations does not say. */
export class LastKinds {
  readonly #api: Pick<Api, 'call'>;
  readonly #client: Pick<Client, 'conversation' | 'localMessages'>;
  readonly #kinds = new BoundedMap<string, Promise<KindName | undefined>>(MAX_KINDS);

  constructor(api: Pick<Api, 'call'>, client: Pick<Client, 'conversation' | 'localMessages'>) {
    this.#api = api;
    this.#client = client;
  }

  /** From this device if it has the message, else from the server. Undefined: no kind that has a name, or not known now. */
  of(conversationId: ConversationId, messageId: MessageId): Promise<KindName | undefined> {
    const key = `${conversationId}/${messageId}`;
    const known = this.#kinds.use(key);
    if (known !== undefined) return known;
    const asked = this.#content({ conversationId }, messageId).then(messageKind);
    this.#kinds.set(key, asked);
    return asked.catch(() => {
      this.#kinds.delete(key);
      return undefined;
    });
  }

  async #content(name: { conversationId: ConversationId }, messageId: MessageId): Promise<MessageContent> {
    const live = this.#client.conversation(name).messages;
    const near = [...live.slice(-LOOKED_AT), ...(await this.#client.localMessages(name, { limit: LOOKED_AT }))];
    const here = near.find((message) => message.messageId === messageId);
    if (here !== undefined) return here.content;
    const path = `/api/conversations/${encodeURIComponent(name.conversationId)}/messages/${messageId}`;
    return (await this.#api.call<{ content?: MessageContent }>('GET', path)).content ?? {};
  }
}
