import { type ChangeOutcome, changeDigest, type GroupChange } from '@chasqui/domain';
import type { Database } from '../../sqlite/database.ts';
import { storedJson } from '../../sqlite/stored-json.ts';

/** How long outcomes are kept, in ms. */
const KEPT_MS = 172_800_000;
/** Outcomes removed with each one that is added. */
const REMOVED = 10;
const SELECT = 'SELECT digest, outcome FROM group_changes WHERE conversation = ? AND asker = ? AND change_id = ?';
const EXPIRED = 'SELECT conversation, asker, change_id FROM group_changes WHERE at < ? ORDER BY at LIMIT ?';
const REMOVE = 'DELETE FROM group_changes WHERE conversation = ? AND asker = ? AND change_id = ?';

/** The outcome of an earlier change by the asker and `changeId`; null: there was none. */
export function keptOutcome(db: Database, change: GroupChange): ChangeOutcome | null {
  const row = db.get(SELECT, change.conversationId, change.by, change.changeId);
  if (row === undefined) return null;
  const [digest, outcome] = row as [string, string];
  const conflict = (): ChangeOutcome => ({ result: 'conflict' });
  if (digest !== changeDigest(change)) return conflict();
  // Whoever is told of a conflict asks again under another key, and meets the group as the change left it.
  return storedJson(db, outcome, () => `change ${change.changeId} of group ${change.conversationId}`, conflict);
}

export function keepOutcome(db: Database, change: GroupChange, outcome: ChangeOutcome, now: number): void {
  const { conversationId, by, changeId } = change;
  const values = [changeDigest(change), JSON.stringify(outcome), now] as const;
  db.run('INSERT INTO group_changes VALUES (?, ?, ?, ?, ?, ?)', conversationId, by, changeId, ...values);
  for (const key of db.all(EXPIRED, now - KEPT_MS, REMOVED)) db.run(REMOVE, ...key);
}
