import type { Database, Told } from '../sqlite/database.ts';
import type { UpgradeWork } from '../sqlite/upgrade-work.ts';
import { BatchTable } from './batch-table.ts';
import { BATCHES_TABLE, OFFSETS } from './log-schema.ts';

/** Entries of a batch that an upgrade makes. */
const ENTRIES = 256;

const PART = 'messages of the bus';
const ROWS = 'SELECT id, published_at, body FROM log WHERE id > ? ORDER BY id LIMIT ?';

/** Upgrades to version 2: the entries of the log, one row each until then, become batches. */
export function intoBatches(db: Database, _told: Told, work: UpgradeWork): void {
  work.once('table of batches', () => db.exec(BATCHES_TABLE));
  const batches = new BatchTable(db);
  const all = db.number('SELECT count(*) FROM log');
  let before = db.number('SELECT count(*) FROM log WHERE id <= ?', work.from(PART) ?? -1);
  for (let above = work.from(PART) ?? -1; ; ) {
    let done = 0;
    for (const [id, publishedAt, body] of db.iterate(ROWS, above, work.rows)) {
      above = id as number;
      const stream = Math.floor(above / OFFSETS);
      batches.append(stream, above % OFFSETS, { publishedAt: publishedAt as number, body: body as string });
      if (++done % ENTRIES === 0) batches.write();
    }
    batches.write();
    if (done === 0) break;
    before += done;
    work.reached(PART, above, `${before} of ${all}`);
  }
  db.exec('DROP TABLE log');
}
