import {
  ATTACHMENT_LIMITS,
  type AttachmentId,
  attachedMediaText,
  attachmentOfRow,
  attachmentStatePlace,
  ImError,
  settledColumns,
} from '@chasqui/domain';
import type { AttachmentStore, NewAttachment } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { lockPeople } from './person.ts';

const DUE_STATE = attachmentStatePlace('due');

const COLUMNS =
  'attachment_id, owner_id, state, name, size, type, sha256, reason, reserved_at, media, is_cleaned, public_id';
const GET = `SELECT ${COLUMNS} FROM attachments WHERE attachment_id IN (?)`;
const OPEN = 'SELECT COUNT(*) FROM attachments WHERE owner_id = ? AND refs = 0 AND state = 0 AND attachment_id <> ?';
const RESERVE = `INSERT INTO attachments (attachment_id, owner_id, state, name, size, type, sha256, reserved_at, media, public_id, refs, due_at)
  VALUES (?) ON DUPLICATE KEY UPDATE attachment_id = VALUES(attachment_id)`;
const SETTLE = `UPDATE attachments SET state = ?, type = COALESCE(?, type), size = COALESCE(?, size),
  sha256 = COALESCE(?, sha256), media = ?, is_cleaned = ?, reason = ?, due_at = ?
  WHERE attachment_id = ? AND state = 0`;
const ATTACHED = `${GET} AND EXISTS (SELECT 1 FROM attachment_refs WHERE holder = ? AND message_id = ? AND attachment_id = ?)`;
const PICTURED = `SELECT ${COLUMNS}, EXISTS (
  SELECT 1 FROM attachment_refs WHERE attachment_refs.attachment_id = attachments.attachment_id AND message_id = '' AND holder NOT LIKE '!%'
) FROM attachments WHERE public_id = ?`;
const ABANDON_ALL = `UPDATE attachments SET state = ${DUE_STATE} WHERE owner_id = ? AND refs = 0 AND state < ${DUE_STATE}`;
const ABANDON = `${ABANDON_ALL} AND attachment_id IN (?)`;
const COLLECT = `UPDATE attachments SET state = ${DUE_STATE} WHERE refs = 0 AND due_at <= ? AND state < ${DUE_STATE}
  ORDER BY due_at LIMIT ?`;
const DUE = `SELECT attachment_id FROM attachments WHERE state = ${DUE_STATE} ORDER BY due_at LIMIT ?`;
const STRIKE = `DELETE FROM attachments WHERE attachment_id IN (?) AND state = ${DUE_STATE}`;
const PAGE = `SELECT ${COLUMNS} FROM attachments WHERE attachment_id > ? ORDER BY attachment_id LIMIT ?`;

/** Locks the owner's row of `people`, so that concurrent calls keep the bound. */
function reserve(database: Database, given: NewAttachment): Promise<void> {
  const { id, owner, name, size, type, sha256, reservedAt, media, publicId = null } = given;
  return database.transaction<void>(async (transaction) => {
    const { answers } = await lockPeople(transaction, [owner], [{ sql: OPEN, values: [owner, id] }]);
    const { maxOpenUploads, uploadMs } = ATTACHMENT_LIMITS;
    if (Number(answers[0]?.rows[0]?.[0]) >= maxOpenUploads) {
      throw new ImError('limit_reached', `your open uploads: at most ${maxOpenUploads}`);
    }
    const told = [name, size, type, sha256, reservedAt, attachedMediaText(media), publicId];
    const row = [id, owner, 0, ...told, 0, reservedAt + uploadMs];
    return { result: undefined, writes: [{ sql: RESERVE, values: [row] }] };
  });
}

export function createAttachmentStore(database: Database): AttachmentStore {
  const get = async (ids: readonly AttachmentId[]) => {
    if (ids.length === 0) return [];
    const { rows } = await database.run({ sql: GET, values: [ids] });
    const found = new Map(rows.map(attachmentOfRow).map((one) => [one.id, one]));
    return ids.map((id) => found.get(id) ?? null);
  };
  return {
    reserve: (attachment) => reserve(database, attachment),
    get,
    async settle(id, outcome, at) {
      await database.run({ sql: SETTLE, values: [...settledColumns(outcome, at), id] });
      return (await get([id]))[0] ?? null;
    },
    async attached(id, { conversationId, messageId }) {
      const { rows } = await database.run({ sql: ATTACHED, values: [[id], conversationId, messageId, id] });
      return rows.map(attachmentOfRow)[0] ?? null;
    },
    async pictured(publicId) {
      const [row] = (await database.run({ sql: PICTURED, values: [publicId] })).rows;
      return row === undefined ? null : { attachment: attachmentOfRow(row), isShown: row.at(-1) === 1 };
    },
    async abandon(owner, ids) {
      if (ids.length === 0) return 0;
      const statement = ids === 'all' ? { sql: ABANDON_ALL, values: [owner] } : { sql: ABANDON, values: [owner, ids] };
      return (await database.run(statement)).affected;
    },
    async due(now, limit) {
      await database.run({ sql: COLLECT, values: [now, limit] });
      const { rows } = await database.run({ sql: DUE, values: [limit] });
      return rows.map(([id]) => id as AttachmentId);
    },
    async strike(ids) {
      if (ids.length > 0) await database.run({ sql: STRIKE, values: [ids] });
    },
    async page(after, limit) {
      return (await database.run({ sql: PAGE, values: [after, limit] })).rows.map(attachmentOfRow);
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
