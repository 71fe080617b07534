import {
  ATTACHMENT_LIMITS,
  type Attachment,
  type AttachmentId,
  type AttachmentOutcome,
  attachedMediaText,
  attachmentOfRow,
  attachmentStatePlace,
  ImError,
  type PublicId,
  settledColumns,
  type UserId,
} from '@chasqui/domain';
import type { MessageKey, NewAttachment, PublicPicture } from '@chasqui/ports';
import type { Database } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';

/** The store worker's operations for attachments: the port's methods, by name. */
export type AttachmentOperations = {
  'attachments.reserve'(args: NewAttachment): null;
  'attachments.get'(args: readonly AttachmentId[]): (Attachment | null)[];
  'attachments.settle'(args: [id: AttachmentId, outcome: AttachmentOutcome, at: number]): Attachment | null;
  'attachments.attached'(args: [id: AttachmentId, message: MessageKey]): Attachment | null;
  'attachments.pictured'(args: PublicId): PublicPicture | null;
  'attachments.abandon'(args: [owner: UserId, ids: readonly AttachmentId[] | 'all']): number;
  'attachments.due'(args: [now: number, limit: number]): AttachmentId[];
  'attachments.strike'(args: readonly AttachmentId[]): null;
  'attachments.page'(args: [after: AttachmentId | '', limit: number]): Attachment[];
};

const DUE_STATE = attachmentStatePlace('due');

const COLUMNS = 'id, owner, state, name, size, type, sha256, reason, reserved_at, media, is_cleaned, public_id';
const GET = `SELECT ${COLUMNS} FROM attachments WHERE id = ?`;
const OPEN = 'SELECT count(*) FROM attachments WHERE owner = ? AND refs = 0 AND state = 0';
const RESERVE = `INSERT INTO attachments (${COLUMNS}, refs, due_at) VALUES (?, ?, 0, ?, ?, ?, ?, NULL, ?, ?, 0, ?, 0, ?)`;
const SETTLE = `UPDATE attachments SET state = ?, type = coalesce(?, type), size = coalesce(?, size),
  sha256 = coalesce(?, sha256), media = ?, is_cleaned = ?, reason = ?, due_at = ? WHERE id = ? AND state = 0`;
const REFERRED = 'SELECT 1 FROM attachment_refs WHERE holder = ? AND message = ? AND attachment = ?';
const PICTURED = `SELECT ${COLUMNS}, EXISTS (
  SELECT 1 FROM attachment_refs WHERE attachment = attachments.id AND message = '' AND holder NOT LIKE '!%'
) FROM attachments WHERE public_id = ?`;
const ABANDON = `UPDATE attachments SET state = ${DUE_STATE} WHERE id = ? AND owner = ? AND refs = 0 AND state < ${DUE_STATE}`;
const ABANDON_ALL = `UPDATE attachments SET state = ${DUE_STATE} WHERE owner = ? AND refs = 0 AND state < ${DUE_STATE}`;
const COLLECT = `UPDATE attachments SET state = ${DUE_STATE} WHERE refs = 0 AND due_at <= ? AND state < ${DUE_STATE}`;
const DUE = `SELECT id FROM attachments WHERE state = ${DUE_STATE} ORDER BY due_at LIMIT ?`;
const STRIKE = `DELETE FROM attachments WHERE id = ? AND state = ${DUE_STATE}`;
const PAGE = `SELECT ${COLUMNS} FROM attachments WHERE id > ? ORDER BY id LIMIT ?`;

export function attachmentOperations(db: Database): Handlers<AttachmentOperations> {
  const get = (id: AttachmentId) => {
    const row = db.get(GET, id);
    return row === undefined ? null : attachmentOfRow(row);
  };
  return {
    'attachments.reserve'({ id, owner, name, size, type, sha256, reservedAt, media, publicId = null }) {
      if (get(id) !== null) return null;
      const { maxOpenUploads, uploadMs } = ATTACHMENT_LIMITS;
      if (db.number(OPEN, owner) >= maxOpenUploads) {
        throw new ImError('limit_reached', `your open uploads: at most ${maxOpenUploads}`);
      }
      const dueAt = reservedAt + uploadMs;
      db.run(RESERVE, id, owner, name, size, type, sha256, reservedAt, attachedMediaText(media), publicId, dueAt);
      return null;
    },
    'attachments.get': (ids) => ids.map(get),
    'attachments.settle'([id, outcome, at]) {
      db.run(SETTLE, ...settledColumns(outcome, at), id);
      return get(id);
    },
    'attachments.attached': ([id, { conversationId, messageId }]) =>
      db.get(REFERRED, conversationId, messageId, id) === undefined ? null : get(id),
    'attachments.pictured'(publicId) {
      const row = db.get(PICTURED, publicId);
      return row === undefined ? null : { attachment: attachmentOfRow(row), isShown: row.at(-1) === 1 };
    },
    'attachments.abandon'([owner, ids]) {
      if (ids === 'all') return db.run(ABANDON_ALL, owner);
      return ids.reduce((sum, id) => sum + db.run(ABANDON, id, owner), 0);
    },
    'attachments.due'([now, limit]) {
      db.run(COLLECT, now);
      return db.all(DUE, limit).map(([id]) => id as AttachmentId);
    },
    'attachments.strike'(ids) {
      for (const id of ids) db.run(STRIKE, id);
      return null;
    },
    'attachments.page': ([after, limit]) => db.all(PAGE, after, limit).map(attachmentOfRow),
  };
}
