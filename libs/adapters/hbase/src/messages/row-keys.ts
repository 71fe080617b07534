import { type ConversationId, hash32, type MessageId } from '@chasqui/domain';

/** Follows the conversation id, which never contains it: rows of different conversations never mix. */
const SEPARATOR = 0;
/** Stored from 24 hexadecimal digits. */
const ID_BYTES = 12;

/**
 * The row of a message: two bytes of a hash, which spread conversations over the regions; the conversation id; and the
 * inverted message id, so that a forward scan of a conversation is newest first.
 */
export function messageRow(conversationId: ConversationId, messageId: MessageId): Buffer {
  const id = Buffer.from(messageId, 'hex');
  for (let i = 0; i < id.length; i++) id[i] = 0xff - (id[i] as number);
  return Buffer.concat([conversationStart(conversationId), id]);
}

/** Sorts before every row of the conversation. */
export function conversationStart(conversationId: ConversationId): Buffer {
  return Buffer.concat([salt(conversationId), Buffer.from(conversationId), Buffer.of(SEPARATOR)]);
}

/** Sorts after every row of the conversation. */
export function conversationEnd(conversationId: ConversationId): Buffer {
  return Buffer.concat([conversationStart(conversationId), Buffer.alloc(ID_BYTES + 1, 0xff)]);
}

/** The row that names a message's conversation. Rows of consecutive ids lie far apart. */
export function locationRow(messageId: MessageId): Buffer {
  return Buffer.concat([salt(messageId), Buffer.from(messageId, 'hex')]);
}

/** The smallest key after a row. */
export function after(row: Buffer): Buffer {
  return Buffer.concat([row, Buffer.of(0)]);
}

/** The upper half of the hash: shards are chosen by its remainder in a division, which is independent of this half. */
function salt(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(hash32(text) >>> 16);
  return bytes;
}
