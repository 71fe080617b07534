import { highestSent, inboxOf, type LogUpdate, type MessageId, type Position } from '@chasqui/domain';
import type { ConversationStore, MarkReadResult } from '@chasqui/ports';
import type { Database, Transaction } from '../engine/index.ts';
import { type Head, headOf, lockHead, saveHeads } from '../logs/log-heads.ts';
import { Appender, isEntry, updateEntry } from '../logs/log-rows.ts';
import { type Entry, entryOf, selectEntries } from './entry-rows.ts';

/** Entries per query. By default, servers end recursions after 1,000. */
const STEP = 500;
/**
 * The conversation's incoming messages from a position downwards. Each row names the previous position, as a negative
 * number if the message sorts before one that was recorded earlier. The walk ends at a read message whose link is not
 * negative: everything before it is read.
 */
const CHAIN = `WITH RECURSIVE chain (position, previous, message_id, n) AS (
    SELECT position, previous, message_id, 1 FROM inbox WHERE user_id = ? AND position = ?
    UNION ALL
    SELECT inbox.position, inbox.previous, inbox.message_id, chain.n + 1 FROM chain
      JOIN inbox ON inbox.user_id = ? AND inbox.position = ABS(chain.previous)
      WHERE (chain.message_id > ? OR chain.previous < 0) AND chain.n < ?
  )
  SELECT CAST(SUM(message_id > ?) AS SIGNED), MAX(message_id <= ? AND previous >= 0), MIN(ABS(previous)) FROM chain`;
const SAVE = `UPDATE conversation_entries SET read_up_to = ?, read_at = ?, read_node = ?, unread = ?, trimmed = ?
  WHERE conversation_id = ? AND user_id = ?`;

/** The argument of `ConversationStore.markRead`. */
type ReadMark = Parameters<ConversationStore['markRead']>[0];

/** See `ConversationStore.markRead`. */
export function markRead(database: Database, mark: ReadMark): Promise<MarkReadResult> {
  const { userId, conversationId, upTo, at, node } = mark;
  const log = inboxOf(userId);
  const update: LogUpdate = { type: 'read', conversationId, upTo, at };
  return database.transaction<MarkReadResult>(async (transaction, earlier) => {
    const [heads, found] = await transaction.query([lockHead(log), selectEntries([conversationId])]);
    const head = heads?.rows.map(headOf)[0];
    const entries = found?.rows.map(entryOf) ?? [];
    const own = entries.find((entry) => entry.userId === userId);
    if (own === undefined || head === undefined) return { result: resultOf(mark, '', 0, head, false), writes: [] };
    if (upTo <= own.readUpTo) {
      const ours = earlier?.changed && (await isEntry(transaction, { log, position: earlier.position, update }));
      return { result: ours ? earlier : resultOf(mark, own.readUpTo, own.unread, head, false), writes: [] };
    }
    const others = entries.filter((entry) => entry !== own);
    const left = others.every(({ sent }) => upTo >= highestSent(sent))
      ? NOTHING_LEFT
      : await countAbove(transaction, own, head, upTo);
    const appender = new Appender(database.clock.now());
    head.unread += left.unread - own.unread;
    appender.append(head, updateEntry(update));
    return {
      result: resultOf(mark, own.readUpTo, left.unread, head, true),
      writes: [
        { sql: SAVE, values: [upTo, at, node, left.unread, left.trimmed, conversationId, userId] },
        ...appender.statements(),
        saveHeads([head]),
      ],
    };
  });
}

function resultOf(
  mark: ReadMark,
  from: string,
  count: number,
  head: Head | undefined,
  changed: boolean,
): MarkReadResult {
  const { userId, conversationId, upTo } = mark;
  const position: Position = head?.head ?? 0;
  const unread = { userId, conversationId, count, total: head?.unread ?? 0, position };
  return { changed, from, upTo, unread, position };
}

interface Left {
  unread: number;
  trimmed: number;
}

const NOTHING_LEFT: Left = { unread: 0, trimmed: 0 };

/**
 * Counts incoming messages above `upTo`. Reads only those that stay unread and the late ones among them. Unread
 * messages whose entries are trimmed stay unread until a newer message is read.
 */
async function countAbove(transaction: Transaction, entry: Entry, { floor }: Head, upTo: MessageId): Promise<Left> {
  const { userId } = entry;
  let unread = 0;
  for (let position = entry.incoming; position > floor; ) {
    const values = [userId, position, userId, upTo, STEP, upTo, upTo];
    const [answer] = await transaction.query([{ sql: CHAIN, values }]);
    const [count, isAllRead, previous] = (answer?.rows[0] ?? []) as (number | null)[];
    unread += count ?? 0;
    if (isAllRead === 1) return { unread, trimmed: 0 };
    position = previous ?? 0;
  }
  return { unread: unread + entry.trimmed, trimmed: entry.trimmed };
}
