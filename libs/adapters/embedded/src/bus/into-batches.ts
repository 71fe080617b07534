import type { Database, Told } from '../sqlite/database.ts';
import { BatchTable } from './batch-table.ts';
import { BATCHES_TABLE, OFFSETS } from './log-schema.ts';

/** Entries of a batch that an upgrade makes. */
const ENTRIES = 256;

/** Upgrades to version 2: the entries of the log, one row each until then, become batches. */
export function intoBatches(db: Database, told: Told): void {
  db.exec(BATCHES_TABLE);
  const batches = new BatchTable(db);
  const rows = db.number('SELECT count(*) FROM log');
  let done = 0;
  for (const [id, publishedAt, body] of db.iterate('SELECT id, published_at, body FROM log ORDER BY id')) {
    const stream = Math.floor((id as number) / OFFSETS);
    batches.append(stream, (id as number) % OFFSETS, { publishedAt: publishedAt as number, body: body as string });
    if (++done % ENTRIES === 0) batches.write();
    if (done % 10_000 === 0) told(`${done} of ${rows} messages of the bus`);
  }
  batches.write();
  db.exec('DROP TABLE log');
}
