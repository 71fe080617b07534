import type { LogFile } from './log-file.ts';
import type { TrimReport } from './log-operations.ts';
import { streamOf } from './log-operations.ts';
import { OFFSETS } from './log-schema.ts';

const DAY_MS = 24 * 3600 * 1000;
/** The retention of messages in a topic without groups. */
const ORPHAN_MS = 7 * DAY_MS;
const DEAD_MS = 30 * DAY_MS;

const POSITION = 'SELECT next FROM positions WHERE group_id = ? AND stream = ?';
const FORGET_DEAD = 'DELETE FROM dead WHERE id IN (SELECT id FROM dead WHERE at < ? LIMIT ?)';

/** Batches that one trim looks at, from the oldest that may go. */
const BATCHES = 200;

/** Of one stream: what may go. */
interface Bounds {
  stream: number;
  /** Offsets from this one on stay. */
  below: number;
  /** What was published after this time stays, in Unix ms. */
  before: number;
}

/**
 * Removes messages that every group of their topic has handled and that are older than the retention (at once when the
 * file is large), messages of topics without groups after 7 days, and dead letters after 30. At most `limit` of each
 * stream, roughly, and of dead letters.
 */
export function trimLog(log: LogFile, retentionMs: number, limit: number, now: number): TrimReport {
  const { db, batches } = log;
  const bounds = boundsOf(log, retentionMs, now);
  const oldest = bounds.map(({ stream, below, before }) => batches.removable(stream, below, before)?.batch ?? Infinity);
  const upTo = Math.min(...oldest) + BATCHES;
  const report: TrimReport = { removed: 0, firsts: [] };
  const touched = new Set<number>();
  for (const { stream, below, before } of bounds) {
    const next = log.next(stream);
    let dropped = 0;
    for (let span = batches.removable(stream, below, before); span !== undefined && dropped < limit; ) {
      if (span.batch > upTo) break;
      touched.add(span.batch);
      batches.drop(stream);
      dropped += span.count;
      span = batches.removable(stream, below, before);
    }
    if (dropped === 0) continue;
    db.run('INSERT OR REPLACE INTO streams VALUES (?, ?)', stream, next);
    report.removed = Math.max(report.removed, dropped);
    report.firsts.push({ stream, first: log.first(stream) });
  }
  if (touched.size >= BATCHES) report.removed = limit;
  batches.sweep(touched);
  report.removed = Math.max(report.removed, db.run(FORGET_DEAD, now - DEAD_MS, limit));
  return report;
}

function boundsOf(log: LogFile, retentionMs: number, now: number): Bounds[] {
  const { db } = log;
  const kept = log.underPressure() ? 0 : retentionMs;
  return (db.all('SELECT id, shards FROM topics') as unknown as [number, number][]).flatMap(([topic, shards]) => {
    const groups = db.all('SELECT id FROM groups WHERE topic = ?', topic).map(([id]) => id as number);
    const before = now - (groups.length === 0 ? ORPHAN_MS : kept);
    return Array.from({ length: shards }, (_, shard) => {
      const stream = streamOf(topic, shard);
      // A group without a position has handled nothing.
      const done = groups.map((group) => db.number(POSITION, group, stream));
      return { stream, below: groups.length === 0 ? OFFSETS : Math.min(...done), before };
    });
  });
}
