import type { Clock, Random } from '@chasqui/domain';
import type { Statement } from '../engine/statement.ts';

/** Inboxes keep the first name they were given. */
const NAME = "INSERT INTO meta (name, value) VALUES ('epoch', ?) ON DUPLICATE KEY UPDATE value = value";
/** The inboxes were set back: old positions say nothing. */
const RENAME = "INSERT INTO meta (name, value) VALUES ('epoch', ?) ON DUPLICATE KEY UPDATE value = VALUES(value)";

/** An epoch that no inbox had before. */
export function newEpoch(clock: Clock, random: Random): string {
  return `${clock.now().toString(36)}-${random().toString(36).slice(2)}`;
}

export function nameInboxes(epoch: string): Statement {
  return { sql: NAME, values: [epoch] };
}

export function renameInboxes(epoch: string): Statement {
  return { sql: RENAME, values: [epoch] };
}
