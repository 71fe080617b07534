import { type AttachmentId, holderOfHold, type PictureHolder, publicIdOf, type UserId } from '@chasqui/domain';
import type { Database } from '../../sqlite/database.ts';
import { dropReferences, refer } from './references.ts';

const SHOWN = "SELECT attachment FROM attachment_refs WHERE holder = ? AND message = ''";
const NAMED = 'SELECT id FROM attachments WHERE public_id = ?';
const HOLDS = 'SELECT id FROM holds WHERE kind = ? AND subject = ?';

/** What `avatar` or `picture` was, and is. */
export interface PictureChange {
  before: string;
  after: string;
  by: UserId;
  now: number;
}

/** A user or a group shows another picture from now on; see `ProfileStore.put`. */
export function showPicture(db: Database, place: PictureHolder, { before, after, by, now }: PictureChange): void {
  if (before === after) return;
  const { holder, kind, subject } = place;
  const shown = db.all(SHOWN, holder).map(([id]) => id as AttachmentId);
  if (shown.length > 0) {
    for (const [hold] of db.all(HOLDS, kind, subject)) {
      refer(db, shown, { holder: holderOfHold(hold as string), messageId: '', by: null });
    }
    dropReferences(db, holder, '', now, now);
  }
  const publicId = publicIdOf(after);
  const named = publicId === null ? undefined : db.get(NAMED, publicId);
  if (named !== undefined) refer(db, [named[0] as AttachmentId], { holder, messageId: '', by });
}
