import { type VisibilityContext, visibleNow } from '@chasqui/core';
import {
  attachmentIdsOf,
  contentKind,
  type ForwardOrigin,
  type ForwardRequest,
  formatMessageId,
  ImError,
  type Limits,
  type Message,
  type MessageContent,
  type StoredMessage,
  SYSTEM_USER,
  timeOf,
  type UserId,
} from '@chasqui/domain';
import type { AttachmentStore, MessageStore } from '@chasqui/ports';
import { checkSize } from './checks.ts';

export interface ForwardedContentOptions extends VisibilityContext {
  messages: Pick<MessageStore, 'get' | 'page'>;
  attachments: Pick<AttachmentStore, 'attached'>;
  limits: Pick<Limits, 'maxContentBytes'>;
}

/** What a forwarded message says. */
export interface Forwarded {
  content: MessageContent;
  /** Absent: its readers are not told of an origin. */
  origin?: ForwardOrigin;
}

/** Storing may give a message of a group an id this much later, in ms; so many messages are looked through for it. */
const MOVED_MS = 60_000;
const MAX_LOOKED_THROUGH = 500;
/** How long the first copy of a resend may be on its way to the store, ms. Later, there is none. */
const ON_ITS_WAY_MS = 600_000;

/** Reads the messages that users forward, as they are now (docs/adr/0055-forwards.md). */
export class ForwardedContent {
  readonly #options: ForwardedContentOptions;

  constructor(options: ForwardedContentOptions) {
    this.#options = options;
  }

  /**
   * What the user forwards, or the error that refuses it: `message_not_found` for a message that is absent, recalled,
   * or not visible to the user, and the same for all of them; `attachment_invalid` if a file of it is gone,
   * `content_too_large`, `store_unavailable`. Never rejects.
   */
  async read(userId: UserId, request: ForwardRequest): Promise<Forwarded | ImError> {
    try {
      // The system sees everything, and would tell it to whoever may send in its name.
      const message = userId === SYSTEM_USER ? undefined : await this.#visible(userId, request);
      if (message === undefined) return noSuchMessage();
      await this.#mustHaveFiles(message);
      const { content, forwarded, from, sentAt } = message;
      checkSize(JSON.stringify(content), this.#options.limits.maxContentBytes);
      const { withOrigin = true } = request;
      return { content, ...(withOrigin ? { origin: forwarded ?? { from, at: sentAt } } : {}) };
    } catch (error) {
      return ImError.from(error, 'store_unavailable');
    }
  }

  /**
   * What the first copy of a resend says, whose message cannot be forwarded any more: `why`. That copy may have been
   * accepted, so it is not refused before it is known not to be stored (C3). Never rejects.
   */
  async firstCopy(message: Message, why: ImError, now: number): Promise<Forwarded | ImError> {
    try {
      const first = await this.#stored(message);
      if (first !== undefined) return partsOf(first);
      if (now - timeOf(message.messageId) > ON_ITS_WAY_MS) return why;
      return new ImError('store_unavailable', 'an earlier copy of it may be on its way: send it again');
    } catch (error) {
      return ImError.from(error, 'store_unavailable');
    }
  }

  async #stored({ conversationId, messageId, from, clientMessageId }: Message): Promise<StoredMessage | undefined> {
    const { messages } = this.#options;
    const [found] = await messages.get([{ conversationId, messageId }]);
    if (found != null) return found;
    const before = formatMessageId({ millis: timeOf(messageId) + MOVED_MS, counter: 0, tag: 0 });
    const near = await messages.page(conversationId, { after: messageId, before, limit: MAX_LOOKED_THROUGH });
    return near.find((one) => one.from === from && one.clientMessageId === clientMessageId);
  }

  async #visible(userId: UserId, key: ForwardRequest): Promise<StoredMessage | undefined> {
    const { conversationId, messageId } = key;
    const found = await this.#options.messages.get([{ conversationId, messageId }]);
    const [message] = await visibleNow(this.#options, userId, found);
    const isThere = message != null && message.recalledAt === undefined && contentKind(message.content) !== 'empty';
    return isThere ? message : undefined;
  }

  /** A reference of the message says that whoever sees it may have the file. */
  async #mustHaveFiles({ content, conversationId, messageId }: StoredMessage): Promise<void> {
    const { attachments } = this.#options;
    const ids = attachmentIdsOf(content);
    const found = await Promise.all(ids.map((id) => attachments.attached(id, { conversationId, messageId })));
    if (found.every((file) => file?.state === 'ready')) return;
    throw new ImError('attachment_invalid', 'a file of the message is gone', { field: 'forwardOf' });
  }
}

function partsOf({ content, forwarded }: Message): Forwarded {
  return { content, ...(forwarded === undefined ? {} : { origin: forwarded }) };
}

function noSuchMessage(): ImError {
  return new ImError('message_not_found', 'you can see no such message', { field: 'forwardOf' });
}
