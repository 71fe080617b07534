import { type ConversationId, hash32, type MessageId } from '@chasqui/domain';

/** After the conversation, in which it does not occur: no conversation's rows lie among another's. */
const SEPARATOR = 0;
/** 24 hexadecimal digits. */
const ID_BYTES = 12;

/**
 * The row of a message: two bytes of a hash, which spread conversations over the regions; the conversation; and the id
 * turned upside down, so that a conversation read forwards is newest first.
 */
export function messageRow(conversationId: ConversationId, messageId: MessageId): Buffer {
  const id = Buffer.from(messageId, 'hex');
  for (let i = 0; i < id.length; i++) id[i] = 0xff - (id[i] as number);
  return Buffer.concat([conversationStart(conversationId), id]);
}

/** Before every row of the conversation. */
export function conversationStart(conversationId: ConversationId): Buffer {
  return Buffer.concat([salt(conversationId), Buffer.from(conversationId), Buffer.of(SEPARATOR)]);
}

/** After every row of the conversation. */
export function conversationEnd(conversationId: ConversationId): Buffer {
  return Buffer.concat([conversationStart(conversationId), Buffer.alloc(ID_BYTES + 1, 0xff)]);
}

/** The row that names a message's conversation. Ids made one after the other lie far apart. */
export function locationRow(messageId: MessageId): Buffer {
  return Buffer.concat([salt(messageId), Buffer.from(messageId, 'hex')]);
}

/** Next after a row, whatever rows there are. */
export function after(row: Buffer): Buffer {
  return Buffer.concat([row, Buffer.of(0)]);
}

/** The upper half of the hash: shards are chosen by what is left of it in a division, and know nothing of this. */
function salt(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(hash32(text) >>> 16);
  return bytes;
}
