import type { LogFile } from './log-file.ts';
import type { TrimReport } from './log-operations.ts';
import { MAX_SHARDS } from './log-operations.ts';
import { OFFSETS } from './log-schema.ts';

const DAY_MS = 24 * 3600 * 1000;
/** The retention of messages in a topic without groups. */
const ORPHAN_MS = 7 * DAY_MS;
const DEAD_MS = 30 * DAY_MS;

const DELETE = `DELETE FROM log WHERE id IN
  (SELECT id FROM log WHERE id > ? AND id < ? AND published_at <= ? ORDER BY id LIMIT ?)`;

/**
 * Removes messages that every group of their topic has handled and that are older than the retention (at once when the
 * file is large), messages of topics without groups after 7 days, and dead letters after 30. At most `limit` rows.
 */
export function trimLog(log: LogFile, retentionMs: number, limit: number, now: number): TrimReport {
  const { db } = log;
  const report: TrimReport = { removed: 0, firsts: [] };
  const kept = log.underPressure() ? 0 : retentionMs;
  for (const [topic, shards] of db.all('SELECT id, shards FROM topics') as unknown as [number, number][]) {
    const groups = db.all('SELECT id FROM groups WHERE topic = ?', topic).map(([id]) => id as number);
    for (let shard = 0; shard < shards && report.removed < limit; shard++) {
      const stream = topic * MAX_SHARDS + shard;
      const base = stream * OFFSETS;
      // A group without a position has handled nothing.
      const done = groups.map((group) =>
        db.number('SELECT next FROM positions WHERE group_id = ? AND stream = ?', group, stream),
      );
      const below = groups.length === 0 ? base + OFFSETS : base + Math.min(...done);
      const before = now - (groups.length === 0 ? ORPHAN_MS : kept);
      const next = log.next(stream);
      const removed = db.run(DELETE, base, below, before, limit - report.removed);
      if (removed === 0) continue;
      db.run('INSERT OR REPLACE INTO streams VALUES (?, ?)', stream, next);
      report.removed += removed;
      report.firsts.push({ stream, first: log.first(stream) });
    }
  }
  report.removed += db.run(
    'DELETE FROM dead WHERE id IN (SELECT id FROM dead WHERE at < ? LIMIT ?)',
    now - DEAD_MS,
    limit - report.removed,
  );
  return report;
}
