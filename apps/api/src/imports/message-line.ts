import {
  type AttachedFile,
  type ContentDigests,
  type ConversationId,
  contentDigests,
  defined,
  directAudience,
  directConversation,
  directPeer,
  formatMessageId,
  groupLog,
  hash32,
  ImError,
  isGroupId,
  type MessageToRecord,
  timeOf,
  type UserId,
} from '@chasqui/domain';
import type { ImportContext } from './import-context.ts';
import type { LineOf } from './import-lines.ts';

/** The device of all imported messages. */
export const IMPORT_DEVICE = 'import';

/** A line's message, ready to be recorded. */
export interface LineMessage {
  message: MessageToRecord;
  contentText: string;
  /** The receiver of a direct message; null: it is to a group. */
  to: UserId | null;
  /** Its receivers have not read it. */
  unread: boolean;
}

/** The message of a line, with an id of its time; an error says what is wrong with it. */
export function messageOfLine(
  { clock, limits }: Pick<ImportContext, 'clock' | 'limits'>,
  line: LineOf<'message'>,
): LineMessage | ImError {
  const { from, clientMessageId, content, sentAt, mentions, replyTo, forwarded, editedAt, unread = false } = line;
  const address = addressOf(line);
  if (address instanceof ImError) return address;
  const { conversationId, to } = address;
  const tag = hash32(`${from} ${clientMessageId}`);
  const now = clock.now();
  if (sentAt > now) return wrong('content_invalid', 'sentAt', 'is in the future');
  const { messageId = formatMessageId({ millis: sentAt, counter: 0, tag }) } = line;
  if (timeOf(messageId) > now) return wrong('content_invalid', 'messageId', 'is of the future');
  if (editedAt !== undefined && (editedAt < sentAt || editedAt > now))
    return wrong('content_invalid', 'editedAt', 'is before sentAt, or in the future');
  if (mentions !== undefined && to !== null) return wrong('mention_invalid', 'mentions', 'are for groups only');
  const contentText = JSON.stringify(content);
  if (Buffer.byteLength(contentText) > limits.maxContentBytes) {
    return wrong('content_too_large', 'content', `has more than ${limits.maxContentBytes} bytes`);
  }
  const kind = to === null ? 'group' : 'c2c';
  const message: MessageToRecord = {
    ...{ messageId, conversationId, from, fromDevice: IMPORT_DEVICE, clientMessageId, kind, content },
    ...defined({ mentions, replyTo, forwarded, editedAt }),
    sentAt,
    audience: to === null ? [groupLog(conversationId)] : directAudience(from, to),
    digests: digestsOf({ to: to ?? conversationId, kind, content, mentions, replyTo }, contentText),
    isImported: true,
  };
  return { message, contentText, to, unread };
}

/**
 * Of a message with files also as if it named them by their ids alone, so that a line is the same whatever else it tells
 * of them; and as it is, for what was sent here under the same id.
 */
function digestsOf(given: Parameters<typeof contentDigests>[0], contentText: string): ContentDigests {
  const { attachments } = given.content;
  if (attachments === undefined) return contentDigests(given, contentText);
  const ids = attachments.map(({ id }) => ({ id }) as AttachedFile);
  const [named] = contentDigests({ ...given, content: { ...given.content, attachments: ids } });
  return [named, contentDigests(given, contentText)[0]];
}

function addressOf({
  from,
  to,
  conversationId,
}: LineOf<'message'>): { conversationId: ConversationId; to: UserId | null } | ImError {
  if (to !== undefined && conversationId === undefined) {
    if (to === from) return wrong('recipient_invalid', 'to', 'is the sender');
    return { conversationId: directConversation(from, to), to };
  }
  if (to !== undefined || conversationId === undefined) {
    return wrong('invalid_request', to === undefined ? 'to' : 'conversationId', 'or the other address must be given');
  }
  if (isGroupId(conversationId)) return { conversationId, to: null };
  const peer = directPeer(conversationId, from);
  return peer === null
    ? wrong('recipient_invalid', 'conversationId', 'does not have the sender')
    : { conversationId, to: peer };
}

function wrong(code: ConstructorParameters<typeof ImError>[0], field: string, what: string): ImError {
  return new ImError(code, `${field} ${what}`, { field });
}
