import type { StoreContext } from '../store-context.ts';
import type { Conversation, Side } from './conversations.ts';

/** A side's last message that the other side has not got; see the table. */
export interface LastSilenced {
  lastId: string;
  preview: string;
  updatedAt: number;
}

/** Both sides share a conversation's state, so what one of them must not learn is kept beside it. */
export function noteSilenced({ db }: StoreContext, { id, users }: Conversation, side: Side, last: LastSilenced): void {
  const { lastId, preview, updatedAt } = last;
  db.run(
    `INSERT INTO silenced VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET last_id = excluded.last_id,
      preview = excluded.preview, updated_at = max(updated_at, excluded.updated_at)`,
    ...[id, side, lastId, preview, updatedAt],
  );
  db.run(
    'UPDATE members SET touched_at = max(touched_at, ?) WHERE user = ? AND conversation = ?',
    ...[updatedAt, users[side], id],
  );
}

export function lastSilenced({ db }: StoreContext, { id }: Conversation, side: Side): LastSilenced | undefined {
  const row = db.get('SELECT last_id, preview, updated_at FROM silenced WHERE conversation = ? AND side = ?', id, side);
  if (row === undefined) return undefined;
  const [lastId, preview, updatedAt] = row as [string, string, number];
  return { lastId, preview, updatedAt };
}

/** The message was recalled: no preview shows it. */
export function emptySilenced({ db }: StoreContext, { id }: Conversation, messageId: string): void {
  db.run("UPDATE silenced SET preview = '' WHERE conversation = ? AND last_id = ?", id, messageId);
}
