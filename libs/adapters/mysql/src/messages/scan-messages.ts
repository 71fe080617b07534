import type { ConversationId, MessageId, StoredMessage } from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { COLUMNS, storedMessage } from './message-row.ts';
import { PARTITIONS, upperBounds } from './partitions.ts';

/** Above every message id. */
export const NO_BOUND = '~';

const FIRST = 'SELECT MIN(message_id) FROM messages WHERE message_id >= ?';
const SCAN = `SELECT ${COLUMNS} FROM messages FORCE INDEX (PRIMARY) WHERE message_id >= ? AND message_id < ?
  AND (conversation_id > ? OR (conversation_id = ? AND message_id > ?)) ORDER BY conversation_id, message_id LIMIT ?`;

/** Where a scan goes on: in the messages with ids in [from, below), behind the last one that it gave. */
interface Place {
  from: MessageId;
  below: MessageId;
  conversationId: ConversationId | '';
  messageId: MessageId | '';
}

/**
 * `MessageStore.scan`: partition by partition, each in the order of its primary key, as its rows lie. The cursor names
 * the partition by its bounds, so that it holds when partitions are added.
 */
export async function scanMessages(
  database: Database,
  cursor: string | null,
  limit: number,
): Promise<{ messages: StoredMessage[]; cursor: string | null }> {
  let place = cursor === null ? null : placeOf(cursor);
  for (let from = ''; ; from = place.below, place = null) {
    place ??= await nextPartition(database, from);
    if (place === null) return { messages: [], cursor: null };
    const { from: first, below, conversationId, messageId } = place;
    const values = [first, below, conversationId, conversationId, messageId, limit];
    const { rows } = await database.run({ sql: SCAN, values });
    const messages = rows.map(storedMessage);
    const last = messages.at(-1);
    if (last === undefined) continue;
    return { messages, cursor: cursorOf({ from: first, below, ...keyOf(last) }) };
  }
}

/** The partition of the first message from this id on. */
async function nextPartition(database: Database, from: MessageId): Promise<Place | null> {
  if (from === NO_BOUND) return null;
  const { rows } = await database.run({ sql: FIRST, values: [from] });
  const first = rows[0]?.[0] as string | null;
  if (first === null) return null;
  const bounds = upperBounds(await database.run(PARTITIONS));
  const below = bounds.find((bound) => bound > first) ?? NO_BOUND;
  return { from: first, below, conversationId: '', messageId: '' };
}

function keyOf({ conversationId, messageId }: StoredMessage): MessageKey {
  return { conversationId, messageId };
}

function cursorOf({ from, below, conversationId, messageId }: Place): string {
  return [from, below, conversationId, messageId].join(' ');
}

function placeOf(cursor: string): Place {
  const [from = '', below = '', conversationId = '', messageId = ''] = cursor.split(' ');
  return { from, below, conversationId, messageId };
}
