import {
  addresseesOf,
  formerAudience,
  type Message,
  type MessageValue,
  messageOf,
  participantsOf,
} from '@chasqui/domain';
import type { StoreContext } from '../store-context.ts';
import type { MessageRow } from './message-row.ts';

// Rows from before version 10 hold the sender and receiver in their bodies; their statuses are in a separate table.
// They are read as they are, and converted when they change.

/** The status of a former message, for its one addressee. */
export interface FormerProgress {
  status: number;
  steps: string;
}

/**
 * The sender and receiver in a former body. A damaged body may still say that the receiver blocked the sender: in its
 * last field.
 */
export function formerAddress(
  { seq, body }: MessageRow,
  conversationId: string,
  isDamaged: boolean,
): Pick<Message, 'from' | 'audience'> {
  if (!isDamaged) return messageOf(JSON.parse(body) as MessageValue);
  const users = participantsOf(conversationId);
  const [from = '', to = ''] = seq % 2 === 0 ? users : users.toReversed();
  return { from, audience: formerAudience({ from, to, silenced: body.endsWith('"silenced":true}') }) };
}

export function formerProgress({ db }: StoreContext, seq: number): FormerProgress | undefined {
  const row = db.get('SELECT status, steps FROM former_progress WHERE seq = ?', seq);
  return row === undefined ? undefined : { status: row[0] as number, steps: row[1] as string };
}

export function forgetFormerProgress({ db }: StoreContext, seq: number): void {
  db.run('DELETE FROM former_progress WHERE seq = ?', seq);
}

/** Converts a former row whose address is known by now. */
export function bringOver(
  store: StoreContext,
  { seq, recalledAt }: MessageRow,
  message: Pick<Message, 'conversationId' | 'from' | 'audience'>,
): void {
  const { db, users } = store;
  const audience = message.audience.map((log) => users.obtain(log).id).join(',');
  const sender = users.obtain(message.from).id;
  const revision = recalledAt === null ? 0 : 1;
  db.run('UPDATE messages SET sender = ?, audience = ?, revision = ? WHERE seq = ?', sender, audience, revision, seq);
  const progress = formerProgress(store, seq);
  const [member] = addresseesOf(message);
  if (progress === undefined || member === undefined) return;
  db.run('INSERT INTO progress VALUES (?, ?, ?, ?)', seq, users.obtain(member).id, progress.status, progress.steps);
  forgetFormerProgress(store, seq);
}
