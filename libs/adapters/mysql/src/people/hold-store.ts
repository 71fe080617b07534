import {
  attachmentIdsOf,
  type HeldContent,
  type HeldMessage,
  HOLD_LIMITS,
  heldContent,
  heldContentOf,
  holderOfHold,
  type LegalHold,
} from '@chasqui/domain';
import type { HoldStore } from '@chasqui/ports';
import { dropReferences, refer } from '../attachments/references.ts';
import type { Database, Row } from '../engine/index.ts';

const COLUMNS = 'hold_id, kind, subject, reason, placed_by, placed_at';
const PLACE = `INSERT INTO legal_holds (${COLUMNS}) VALUES (?)`;
const GET = `SELECT ${COLUMNS} FROM legal_holds WHERE hold_id = ?`;
const LIST = `SELECT ${COLUMNS} FROM legal_holds ORDER BY placed_at, hold_id`;
const LOCK = 'SELECT hold_id FROM legal_holds FOR UPDATE';
const LOCK_SOME = 'SELECT hold_id FROM legal_holds WHERE hold_id IN (?) ORDER BY hold_id FOR UPDATE';
const KEPT_COLUMNS = 'hold_id, message_id, conversation_id, sender_id, sent_at, deleted_at, content';
const KEEP = `INSERT INTO held_messages (${KEPT_COLUMNS}) VALUES ? ON DUPLICATE KEY UPDATE hold_id = VALUES(hold_id)`;
const KEPT = `SELECT ${KEPT_COLUMNS} FROM held_messages WHERE hold_id = ? AND message_id > ? ORDER BY message_id LIMIT ?`;
const FIRST = 'SELECT message_id FROM held_messages WHERE hold_id = ? ORDER BY message_id LIMIT ? FOR UPDATE';
const DROP = 'DELETE FROM held_messages WHERE hold_id = ? AND message_id IN (?)';
const RELEASE = `DELETE FROM legal_holds WHERE hold_id = ?
  AND NOT EXISTS (SELECT 1 FROM held_messages WHERE held_messages.hold_id = legal_holds.hold_id)`;

function holdOf([holdId, kind, subject, reason, placedBy, placedAt]: Row): LegalHold {
  return { holdId, kind, subject, reason, placedBy, placedAt } as LegalHold;
}

function keptOf([holdId, messageId, conversationId, from, sentAt, deletedAt, content]: Row): HeldMessage {
  const held = heldContentOf(JSON.parse(content as string) as HeldContent);
  return { holdId, messageId, conversationId, from, sentAt, deletedAt, ...held } as HeldMessage;
}

/** A hold that is being released waits for what is kept for it, and the other way round. */
function keep(database: Database, messages: readonly HeldMessage[]): Promise<null> {
  const ids = [...new Set(messages.map(({ holdId }) => holdId))].sort();
  return database.transaction<null>(async (transaction) => {
    const [answer] = await transaction.query([{ sql: LOCK_SOME, values: [ids] }]);
    const placed = new Set((answer?.rows ?? []).map(([holdId]) => holdId));
    const kept = messages.filter(({ holdId }) => placed.has(holdId));
    const rows = kept.map((message) => {
      const { holdId, messageId, conversationId, from, sentAt, deletedAt } = message;
      return [holdId, messageId, conversationId, from, sentAt, deletedAt, JSON.stringify(heldContent(message))];
    });
    const references = kept.flatMap(({ holdId, messageId, content }) =>
      attachmentIdsOf(content).map((id) => ({ id, holder: holderOfHold(holdId), messageId, by: null })),
    );
    return { result: null, writes: rows.length === 0 ? [] : [{ sql: KEEP, values: [rows] }, ...refer(references)] };
  });
}

/** Removes what is kept first, with its references to attachments. */
function drop(database: Database, holdId: string, limit: number): Promise<void> {
  return database.transaction<void>(async (transaction) => {
    const [answer] = await transaction.query([{ sql: FIRST, values: [holdId, limit] }]);
    const ids = (answer?.rows ?? []).map(([messageId]) => messageId as string);
    // Profile pictures that it keeps have no message.
    const references = dropReferences(holderOfHold(holdId), [...ids, ''], database.clock.now());
    const dropped = ids.length === 0 ? [] : [{ sql: DROP, values: [holdId, ids] }];
    return { result: undefined, writes: [...dropped, ...references] };
  });
}

export function createHoldStore(database: Database): HoldStore {
  const get = async (holdId: string) => {
    const [row] = (await database.run({ sql: GET, values: [holdId] })).rows;
    return row === undefined ? null : holdOf(row);
  };
  return {
    /** Locks the whole table, which is small and seldom changed. */
    place: ({ holdId, kind, subject, reason, placedBy, placedAt }) =>
      database.transaction<boolean>(async (transaction) => {
        const [answer] = await transaction.query([{ sql: LOCK }]);
        const rows = answer?.rows ?? [];
        if (rows.some(([known]) => known === holdId)) return { result: true, writes: [] };
        if (rows.length >= HOLD_LIMITS.maxHolds) return { result: false, writes: [] };
        return {
          result: true,
          writes: [{ sql: PLACE, values: [[holdId, kind, subject, reason, placedBy, placedAt]] }],
        };
      }),
    get,
    list: async () => (await database.run({ sql: LIST })).rows.map(holdOf),
    async keep(messages) {
      if (messages.length > 0) await keep(database, messages);
    },
    async kept(holdId, { after = '', limit }) {
      return (await database.run({ sql: KEPT, values: [holdId, after, limit] })).rows.map(keptOf);
    },
    async release(holdId, limit) {
      await drop(database, holdId, limit);
      await database.run({ sql: RELEASE, values: [holdId] });
      return (await get(holdId)) === null;
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
