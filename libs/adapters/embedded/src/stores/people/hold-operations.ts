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
import type { Database, Row } from '../../sqlite/database.ts';
import { storedJson } from '../../sqlite/stored-json.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import { dropReferences, refer } from '../attachments/references.ts';
import type { OperationsOf } from './people-operations.ts';

const COLUMNS = 'id, kind, subject, reason, placed_by, placed_at';
const PLACE = `INSERT INTO holds (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`;
const GET = `SELECT ${COLUMNS} FROM holds WHERE id = ?`;
const LIST = `SELECT ${COLUMNS} FROM holds ORDER BY placed_at, id`;
const KEPT_COLUMNS = 'hold, message, conversation, sender, sent_at, deleted_at, content';
const KEEP = `INSERT OR IGNORE INTO held_messages (${KEPT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const KEPT = `SELECT ${KEPT_COLUMNS} FROM held_messages WHERE hold = ? AND message > ? ORDER BY message LIMIT ?`;
const FIRST = 'SELECT message FROM held_messages WHERE hold = ? ORDER BY message LIMIT ?';
const DROP = 'DELETE FROM held_messages WHERE hold = ? AND message = ?';

function holdOf([holdId, kind, subject, reason, placedBy, placedAt]: Row): LegalHold {
  return { holdId, kind, subject, reason, placedBy, placedAt } as LegalHold;
}

function keptOf(db: Database, [holdId, messageId, conversationId, from, sentAt, deletedAt, body]: Row): HeldMessage {
  const name = () => `message ${messageId} kept for hold ${holdId}`;
  const held = storedJson<HeldContent>(...([db, body as string, name] as const), () => ({}));
  return { holdId, messageId, conversationId, from, sentAt, deletedAt, ...heldContentOf(held) } as HeldMessage;
}

export function holdOperations(db: Database): Handlers<OperationsOf<'holds'>> {
  return {
    'holds.place'({ holdId, kind, subject, reason, placedBy, placedAt }) {
      if (db.get(GET, holdId) !== undefined) return true;
      if (db.number('SELECT count(*) FROM holds') >= HOLD_LIMITS.maxHolds) return false;
      db.run(PLACE, holdId, kind, subject, reason, placedBy, placedAt);
      return true;
    },
    'holds.get'(holdId) {
      const row = db.get(GET, holdId);
      return row === undefined ? null : holdOf(row);
    },
    'holds.list': () => db.all(LIST).map(holdOf),
    'holds.keep'(messages) {
      for (const message of messages) {
        const { holdId, messageId, conversationId, from, sentAt, deletedAt, content } = message;
        if (db.get(GET, holdId) === undefined) continue;
        db.run(KEEP, holdId, messageId, conversationId, from, sentAt, deletedAt, JSON.stringify(heldContent(message)));
        refer(db, attachmentIdsOf(content), { holder: holderOfHold(holdId), messageId, by: null });
      }
      return null;
    },
    'holds.kept': ([holdId, after, limit]) => db.all(KEPT, holdId, after, limit).map((row) => keptOf(db, row)),
    'holds.release'([holdId, limit], now) {
      for (const [message] of db.all(FIRST, holdId, limit)) {
        db.run(DROP, holdId, message as string);
        dropReferences(db, holderOfHold(holdId), message as string, now);
      }
      if (db.get(KEPT, holdId, '', 1) !== undefined) return false;
      dropReferences(db, holderOfHold(holdId), '', now);
      db.run('DELETE FROM holds WHERE id = ?', holdId);
      return true;
    },
  };
}
