import { contentKind, defined, type MessageId, previewOf, type StoredMessage } from '@chasqui/domain';
import type { MessageStore } from '@chasqui/ports';
import type { ServerFrameOf } from '@chasqui/protocol';

/** What a reader is shown of the message that another one answers. */
export type Quote = NonNullable<ServerFrameOf<'chat'>['quoted']>;

/**
 * The quotes of those of these messages that answer another one, by the ids of the answers, as the answered messages are
 * now. `visible`: those that the reader may see, in their order, null for each of the others; of these, and of those
 * that do not exist, there is no quote. One read for all. Errors: `store_unavailable`.
 */
export async function quotesOf(
  messages: Pick<MessageStore, 'get'>,
  answers: readonly StoredMessage[],
  visible: (found: readonly (StoredMessage | null)[]) => Promise<readonly (StoredMessage | null)[]>,
): Promise<ReadonlyMap<MessageId, Quote>> {
  const wanted = answers.flatMap(({ messageId, conversationId, replyTo, recalledAt }) =>
    replyTo === undefined || recalledAt !== undefined
      ? []
      : [{ answer: messageId, conversationId, messageId: replyTo.messageId }],
  );
  if (wanted.length === 0) return new Map();
  const found = await visible(await messages.get(wanted));
  return new Map(
    wanted.flatMap(({ answer }, index) => {
      const message = found[index];
      return message == null ? [] : [[answer, quoteOf(message)] as const];
    }),
  );
}

function quoteOf({ messageId, from, content, recalledAt, editedAt }: StoredMessage): Quote {
  if (recalledAt !== undefined) return { messageId, from, kind: 'empty', recalledAt };
  return {
    messageId,
    from,
    kind: contentKind(content),
    ...defined({ text: previewOf(content) || undefined, editedAt }),
  };
}
