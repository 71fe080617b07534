import type { Clock, MessageId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { Answer, Statement } from '../engine/index.ts';
import type { Link } from '../engine/link.ts';

/** How many months ahead there are partitions after a setup: each costs the newest page of every conversation a look. */
const MONTHS_AHEAD = 12;
/** With fewer months ahead, whoever opens the store is told to run the setup. */
const FEW_MONTHS = 3;

/** The upper bounds and the names of the partitions of messages, in order; the last one, which has no bound, is left out. */
export const PARTITIONS: Statement = {
  sql: `SELECT PARTITION_DESCRIPTION, PARTITION_NAME FROM information_schema.PARTITIONS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'messages' AND PARTITION_NAME <> 'later'
    ORDER BY PARTITION_ORDINAL_POSITION`,
};

export function upperBounds({ rows }: Answer): MessageId[] {
  return rows.map(([description]) => String(description).replaceAll("'", ''));
}

/** The first instants of the next months, UTC. */
function monthsAfter(now: number, count: number): Date[] {
  const date = new Date(now);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return Array.from({ length: count }, (_, n) => new Date(Date.UTC(year, month + 1 + n, 1)));
}

/** Ids begin with their time, and a shorter text sorts before all that it begins. */
function boundAt(date: Date): MessageId {
  return date.getTime().toString(16).padStart(12, '0');
}

/**
 * Makes a partition for each of the coming months that has none; the first also takes everything older. Only the last
 * partition is divided, which is empty as long as this is repeated in time. If it is not, its rows are copied meanwhile,
 * and writes wait.
 */
export async function addMonths(link: Link, { clock, logger }: { clock: Clock; logger: Logger }): Promise<void> {
  const [answer] = await link.run([PARTITIONS]);
  const last = upperBounds(answer as Answer).at(-1) ?? '';
  const missing = monthsAfter(clock.now(), MONTHS_AHEAD).filter((date) => boundAt(date) > last);
  if (missing.length === 0) return;
  const partitions = missing.map((date) => {
    const name = date.toISOString().slice(0, 7).replace('-', '_');
    return `PARTITION before_${name} VALUES LESS THAN ('${boundAt(date)}')`;
  });
  const all = [...partitions, 'PARTITION later VALUES LESS THAN (MAXVALUE)'].join(', ');
  await link.run([{ sql: `ALTER TABLE messages REORGANIZE PARTITION later INTO (${all})` }]);
  logger.info({ months: missing.length }, 'MySQL: partitions of messages added');
}

/** Whether the partitions that are there end soon. */
export async function endSoon(link: Link, clock: Clock): Promise<boolean> {
  const [answer] = await link.run([PARTITIONS]);
  const [bound] = monthsAfter(clock.now(), FEW_MONTHS).slice(-1).map(boundAt);
  return (upperBounds(answer as Answer).at(-1) ?? '') < (bound ?? '');
}
