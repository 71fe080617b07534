import type { Clock, Random } from '@chasqui/domain';
import type { Statement } from '../engine/statement.ts';

/** Keeps the epoch if the inboxes already have one. */
const NAME = "INSERT INTO meta (name, value) VALUES ('epoch', ?) ON DUPLICATE KEY UPDATE value = value";
/** Replaces the epoch after the inboxes were set back: old positions are then invalid. */
const RENAME = "INSERT INTO meta (name, value) VALUES ('epoch', ?) ON DUPLICATE KEY UPDATE value = VALUES(value)";

/** Makes an epoch that no inbox had before. */
export function newEpoch(clock: Clock, random: Random): string {
  return `${clock.now().toString(36)}-${random().toString(36).slice(2)}`;
}

export function nameInboxes(epoch: string): Statement {
  return { sql: NAME, values: [epoch] };
}

export function renameInboxes(epoch: string): Statement {
  return { sql: RENAME, values: [epoch] };
}
