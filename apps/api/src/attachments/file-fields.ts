import { AttachmentIdField, ConversationIdField, MessageIdField } from '@chasqui/protocol';
import Type from 'typebox';

const FILE = { '*/*': { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) } };

/** Where links to files are made, and lead. */
export const LINK_PATH = '/api/conversations/:conversationId/messages/:messageId/attachments/:attachmentId/link';

/** A file of a message, by its address. */
export const FileParams = Type.Object({
  conversationId: ConversationIdField,
  messageId: MessageIdField,
  attachmentId: AttachmentIdField,
});

/** What comes of asking for a file, but for refusals. */
export const FILE_ANSWERS = {
  200: { description: 'The bytes.', content: FILE },
  206: { description: 'The bytes of the range.', content: FILE },
  302: Type.Null({ description: 'The bytes are at `Location`, which is signed for minutes; it takes `Range`.' }),
  304: Type.Null({ description: 'Not modified.' }),
};
