import { type AttachmentId, holderOfHold, type PictureHolder, publicIdOf, type UserId } from '@chasqui/domain';
import type { Statement, Transaction } from '../engine/index.ts';
import { dropReferences, refer } from './references.ts';

const SHOWN = "SELECT attachment_id FROM attachment_refs WHERE holder = ? AND message_id = ''";
const NAMED = 'SELECT attachment_id FROM attachments WHERE public_id = ?';
const HOLDS = 'SELECT hold_id FROM legal_holds WHERE kind = ? AND subject = ?';

/** What `avatar` or `picture` was, and is. */
export interface PictureChange {
  before: string;
  after: string;
  by: UserId;
  now: number;
}

/** A user or a group shows another picture from now on; see `ProfileStore.put`. Reads only if one of the two is of this server. */
export async function showPicture(
  transaction: Transaction,
  { holder, kind, subject }: PictureHolder,
  { before, after, by, now }: PictureChange,
): Promise<Statement[]> {
  const publicId = publicIdOf(after);
  if (before === after || (publicId === null && publicIdOf(before) === null)) return [];
  const answers = await transaction.query([
    { sql: SHOWN, values: [holder] },
    { sql: NAMED, values: [publicId ?? ''] },
    { sql: HOLDS, values: [kind, subject] },
  ]);
  const [shown = [], named = [], holds = []] = answers.map(({ rows }) => rows.map(([value]) => value as string));
  const kept = holds.flatMap((hold) =>
    shown.map((id) => ({ id: id as AttachmentId, holder: holderOfHold(hold), messageId: '', by: null })),
  );
  return [
    ...refer(kept),
    ...(shown.length === 0 ? [] : dropReferences(holder, [''], now, now)),
    ...refer(named.map((id) => ({ id, holder, messageId: '', by }))),
  ];
}
