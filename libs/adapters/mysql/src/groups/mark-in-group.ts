import { inboxOf, isCurrent, type LogUpdate, type MessageId } from '@chasqui/domain';
import type { ConversationStore, MarkReadResult } from '@chasqui/ports';
import type { Database, Statement } from '../engine/index.ts';
import { headOf, lockHead, saveHeads } from '../logs/log-heads.ts';
import { Appender, isEntry, updateEntry } from '../logs/log-rows.ts';
import { passEditMentions } from './edit-mentions.ts';
import { MEMBER_WIDTH, memberColumns, memberOfRow } from './group-rows.ts';
import { countColumns } from './totals.ts';

/** The bounded mark is at most the group's last message. */
const BOUNDED = 'LEAST(?, g.last_message_id)';
const SELECT = `SELECT ${memberColumns('m')}, g.last_message_id, ${countColumns('LEAST(?, g.last_message_id)')},
  ${countColumns(null)}, EXISTS (SELECT 1 FROM edit_mentions AS e WHERE e.conversation_id = m.conversation_id
    AND e.user_id = m.user_id AND e.message_id <= LEAST(?, g.last_message_id)) FROM group_members AS m FORCE INDEX (PRIMARY) JOIN chat_groups AS g ON g.conversation_id = m.conversation_id
  WHERE m.conversation_id = ? AND m.user_id = ?`;
/** A member who has left and come back meanwhile has a mark further on. */
const MARK = `UPDATE group_members SET read_up_to = ?, read_at = ?, read_node = ?, read_others = ?, read_mentions = ?
  WHERE conversation_id = ? AND user_id = ? AND left_at = 0 AND read_up_to < ?`;

type Mark = Parameters<ConversationStore['markRead']>[0];

/** The member and the counts that a mark needs. */
export function selectForMark({
  upTo,
  conversationId,
  userId,
}: Pick<Mark, 'upTo' | 'conversationId' | 'userId'>): Statement {
  const bounds = Array.from({ length: SELECT.split(BOUNDED).length - 1 }, () => upTo);
  return { sql: SELECT, values: [...bounds, conversationId, userId] };
}

/** Moves the mark of a member of a group: see `ConversationStore.markRead`. */
export function markReadInGroup(database: Database, mark: Mark): Promise<MarkReadResult> {
  const { userId, conversationId, at, node } = mark;
  const log = inboxOf(userId);
  return database.transaction<MarkReadResult>(async (transaction, earlier) => {
    const [heads, found] = await transaction.query([lockHead(log), selectForMark(mark)]);
    const head = heads?.rows.map(headOf)[0];
    const row = found?.rows[0];
    const result = (from: MessageId | '', upTo: MessageId, count: number, changed: boolean): MarkReadResult => {
      const position = head?.head ?? 0;
      const unread = { userId, conversationId, count, total: head?.unread ?? 0, position };
      return { changed, from, upTo, unread, position };
    };
    if (row === undefined || head === undefined) return { result: result('', mark.upTo, 0, false), writes: [] };
    const { member, read } = memberOfRow(row);
    const [last, others, mentions, allOthers, , passesNamed] = row.slice(MEMBER_WIDTH) as [
      ...[string, number, number, number, number, number],
    ];
    const isBeyond = mark.upTo > last;
    const upTo = isBeyond ? last : mark.upTo;
    if (!isCurrent(member)) return { result: result(read.upTo, upTo, 0, false), writes: [] };
    const update: LogUpdate = { type: 'read', conversationId, upTo, at };
    if (upTo <= read.upTo) {
      const isOurs = earlier?.changed && (await isEntry(transaction, { log, position: earlier.position, update }));
      return { result: isOurs ? earlier : result(read.upTo, upTo, allOthers - read.others, false), writes: [] };
    }
    const appender = new Appender(database.clock.now());
    appender.append(head, updateEntry(update));
    return {
      result: result(read.upTo, upTo, allOthers - others, true),
      writes: [
        { sql: MARK, values: [upTo, at, node, others, mentions, conversationId, userId, upTo] },
        ...(passesNamed === 1 ? [passEditMentions(conversationId, userId, upTo)] : []),
        ...appender.statements(),
        saveHeads([head]),
      ],
    };
  });
}
