import { type ConversationId, directUsers, isGroupId, type MessageId, placeLast, timeOf } from '@chasqui/domain';
import { nextId } from '../people/read-history.ts';
import type { ImportContext } from './import-context.ts';
import type { LineMessage } from './message-line.ts';

/** Messages of one millisecond that are read together. */
const PAGE = 500;

interface Conversation {
  /** Its last message before this call; empty: none. */
  last: MessageId | '';
  /** The last id that this call gave. */
  given: MessageId | '';
  /** The messages of the millisecond of `last`, by sender and client id; null: not read. */
  there: Map<string, MessageId> | null;
}

/**
 * Gives messages the ids under which they will be recorded, so that their texts can be stored first: their own ids, but
 * in one millisecond the counter rises with the order of the file. What is there keeps its id, also when the dedup window
 * has forgotten it.
 */
export class MessageIds {
  readonly #context: Pick<ImportContext, 'conversations' | 'groups' | 'messages'>;
  /** Bounded by the lines of one call. */
  readonly #conversations = new Map<ConversationId, Conversation>();

  constructor(context: Pick<ImportContext, 'conversations' | 'groups' | 'messages'>) {
    this.#context = context;
  }

  async give(messages: readonly LineMessage[]): Promise<LineMessage[]> {
    const ids = [...new Set(messages.map(({ message }) => message.conversationId))];
    await this.#read(ids.filter((id) => !this.#conversations.has(id)));
    const placed: LineMessage[] = [];
    for (const one of messages) {
      placed.push({ ...one, message: { ...one.message, messageId: await this.#idOf(one.message) } });
    }
    return placed;
  }

  async #idOf(message: LineMessage['message']): Promise<MessageId> {
    const conversation = this.#conversations.get(message.conversationId) as Conversation;
    const { last } = conversation;
    let id = behind(conversation.given, message);
    if (last !== '' && timeOf(id) === timeOf(last)) {
      conversation.there ??= await this.#ofLastMillisecond(message.conversationId, last);
      id = conversation.there.get(keyOf(message)) ?? behind(last, { ...message, messageId: id });
    }
    if (id > conversation.given) conversation.given = id;
    return id;
  }

  async #read(ids: readonly ConversationId[]): Promise<void> {
    const { groups, conversations } = this.#context;
    const inGroups = ids.filter(isGroupId);
    const keys = ids.flatMap((conversationId) =>
      isGroupId(conversationId)
        ? []
        : (directUsers(conversationId) ?? []).map((userId) => ({ conversationId, userId })),
    );
    const [found, entries] = await Promise.all([
      inGroups.length === 0 ? [] : groups.groups(inGroups),
      keys.length === 0 ? [] : conversations.entries(keys),
    ]);
    for (const id of ids) this.#conversations.set(id, { last: '', given: '', there: null });
    for (const one of [...found, ...entries]) {
      const conversation = one === null ? undefined : this.#conversations.get(one.conversationId);
      if (one !== null && conversation !== undefined && one.lastMessageId > conversation.last) {
        conversation.last = one.lastMessageId;
      }
    }
  }

  /** Up to the last one: texts behind it are of an import that broke off before it recorded them. */
  async #ofLastMillisecond(conversationId: ConversationId, last: MessageId): Promise<Map<string, MessageId>> {
    const there = new Map<string, MessageId>();
    const from = timeOf(last);
    for (let before = nextId(last); ; ) {
      const page = await this.#context.messages.page(conversationId, { before, limit: PAGE });
      const own = page.filter(({ messageId }) => timeOf(messageId) === from);
      for (const message of own) there.set(keyOf(message), message.messageId);
      if (own.length < PAGE) return there;
      before = own.at(-1)?.messageId ?? '';
    }
  }
}

function keyOf({ from, clientMessageId }: Pick<LineMessage['message'], 'from' | 'clientMessageId'>): string {
  return `${from} ${clientMessageId}`;
}

/** In the millisecond of `last`, an id behind it; otherwise the message's own. */
function behind(last: MessageId | '', message: LineMessage['message']): MessageId {
  return last !== '' && timeOf(last) === timeOf(message.messageId) ? placeLast(last, message) : message.messageId;
}
