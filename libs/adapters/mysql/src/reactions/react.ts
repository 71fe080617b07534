import {
  applyReactions,
  decodeReactions,
  decodeReactor,
  encodeReactions,
  encodeReactor,
  isChanged,
  type KeptReactor,
  NO_REACTIONS,
  type ReactionUpdate,
  type UserId,
} from '@chasqui/domain';
import type { MessageKey, ReactionsToRecord, RecordedReactions } from '@chasqui/ports';
import type { Database, Statement, Transaction } from '../engine/index.ts';
import { type Head, lockHeads, saveHeads } from '../logs/log-heads.ts';
import { Appender, isEntry, updateEntry } from '../logs/log-rows.ts';

/** The row with the reactions of the message; no user has this id. */
export const ALL = '';

const LATER = 'SELECT 1 FROM message_actions WHERE conversation_id = ? AND message_id = ? AND revision > ? LIMIT 1';
const GET = 'SELECT user_id, body FROM reactions WHERE conversation_id = ? AND message_id = ? AND user_id IN (?)';
const PUT = `INSERT INTO reactions (conversation_id, message_id, user_id, body) VALUES ?
  ON DUPLICATE KEY UPDATE body = VALUES(body)`;
const DELETE = 'DELETE FROM reactions WHERE conversation_id = ? AND message_id = ? AND user_id IN (?)';
const DROP = 'DELETE FROM reactions WHERE conversation_id = ? AND message_id = ?';

/** A message without its content has no reactions. */
export function dropReactions({ conversationId, messageId }: MessageKey): Statement {
  return { sql: DROP, values: [conversationId, messageId] };
}

/** See `ReactionStore.react`. The locks on the logs keep everybody else from the rows of the message. */
export function react(database: Database, given: ReactionsToRecord): Promise<RecordedReactions | null> {
  const { conversationId, messageId, audience, messageRevision, wanted, limits } = given;
  const users = [...new Set(wanted.map(({ by }) => by))];
  const reads: Statement[] = [
    { sql: LATER, values: [conversationId, messageId, messageRevision] },
    { sql: GET, values: [conversationId, messageId, [ALL, ...users]] },
  ];
  return database.transaction<RecordedReactions | null>(async (transaction, earlier) => {
    const { locked, answers } = await lockHeads(transaction, audience, reads);
    if (earlier != null && (await isThere(transaction, given, earlier))) return { result: earlier, writes: [] };
    const [later, found] = answers.map(({ rows }) => rows as [string, string][]);
    if (later?.length !== 0) return { result: null, writes: [] };
    const bodies = new Map(found);
    const all = bodies.get(ALL);
    bodies.delete(ALL);
    const state = {
      reactions: all === undefined ? NO_REACTIONS : decodeReactions(all),
      reactors: new Map<UserId, KeptReactor>([...bodies].map(([userId, body]) => [userId, decodeReactor(body)])),
    };
    const { reactions, rows, outcomes } = applyReactions(state, wanted, limits);
    const kept = [...rows].flatMap(([userId, row]) =>
      row === null ? [] : [[conversationId, messageId, userId, encodeReactor(row)]],
    );
    const dropped = [...rows].flatMap(([userId, row]) => (row === null ? [userId] : []));
    if (isChanged(outcomes)) kept.push([conversationId, messageId, ALL, encodeReactions(reactions)]);
    const writes: Statement[] = [];
    if (kept.length > 0) writes.push({ sql: PUT, values: [kept] });
    if (dropped.length > 0) writes.push({ sql: DELETE, values: [conversationId, messageId, dropped] });
    if (!isChanged(outcomes)) return { result: { outcomes, reactions, places: [] }, writes };
    const appender = new Appender(database.clock.now());
    const entry = updateEntry(updateOf(given, reactions));
    const places = audience.map((log) => ({ log, position: appender.append(locked.get(log) as Head, entry) }));
    writes.push(...appender.statements(), saveHeads(locked.values()));
    return { result: { outcomes, reactions, places }, writes };
  });
}

function updateOf(
  { conversationId, messageId }: MessageKey,
  { revision, at }: RecordedReactions['reactions'],
): ReactionUpdate {
  return { type: 'react', conversationId, messageId, revision, at };
}

/** Whether the update of an attempt without an answer is in the first log: then all of it is there. */
async function isThere(
  transaction: Transaction,
  key: MessageKey,
  { places: [place], reactions }: RecordedReactions,
): Promise<boolean> {
  return place !== undefined && isEntry(transaction, { ...place, update: updateOf(key, reactions) });
}
