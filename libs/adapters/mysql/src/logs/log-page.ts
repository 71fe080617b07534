import type { LogId, Position } from '@chasqui/domain';
import { type LogPage, lifeOf, logEpoch } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { ENTRY_COLUMNS, entryOf } from './log-rows.ts';

/**
 * One statement, so that head, floor and entries belong to the same moment. The entries are limited before the join: a
 * page of ten must not read a log of a hundred thousand. Returns at least one row.
 */
const PAGE = `SELECT meta.value, inbox_heads.head, inbox_heads.floor, inbox_heads.life, entries.* FROM meta
  LEFT JOIN inbox_heads ON inbox_heads.user_id = ?
  LEFT JOIN (
    SELECT position, ${ENTRY_COLUMNS} FROM inbox WHERE user_id = ? AND position > ? ORDER BY position LIMIT ?
  ) AS entries ON 1 = 1
  WHERE meta.name = 'epoch' ORDER BY entries.position`;

/** See `UpdateLog.page`. */
export async function logPage(database: Database, log: LogId, after: Position, limit: number): Promise<LogPage> {
  const { rows } = await database.run({ sql: PAGE, values: [log, log, after, limit] });
  type Own = Position | null;
  const [ofStore, head, floor, life] = (rows[0] ?? ['', null, null, null]) as [string, Own, Own, number | null];
  const entries = rows.filter((row) => row[4] !== null).map((row) => entryOf(log, row.slice(4)));
  return { entries, head: head ?? 0, floor: floor ?? 0, epoch: logEpoch(ofStore, life ?? 0) };
}

/** If two devices report at once, only the first succeeds: the second names an epoch that the log no longer has. */
const RENEW = `INSERT INTO inbox_heads (user_id, life) VALUES (?, 1)
  ON DUPLICATE KEY UPDATE life = IF(life = ?, life + 1, life)`;

/** See `UpdateLog.renew`. If the store's epoch has ended meanwhile, the log is reset once more, which is harmless. */
export async function renewLog(database: Database, log: LogId, epoch: string): Promise<void> {
  await database.run({ sql: RENEW, values: [log, lifeOf(epoch)] });
}
