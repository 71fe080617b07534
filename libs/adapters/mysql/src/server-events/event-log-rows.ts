import type { EventLogState, LoggedEvent } from '@chasqui/ports';
import type { Row, Statement } from '../engine/index.ts';

const EPOCH = "(SELECT value FROM meta WHERE name = 'epoch')";
const STATE = `l.floor, l.head, l.wanted_from, l.wanted_until, ${EPOCH}`;

/** The state of the log as columns of a row, in this order. */
export function stateOf([floor, head, wantedFrom, wantedUntil, epoch]: Row): EventLogState {
  return {
    epoch: String(epoch ?? ''),
    floor: Number(floor),
    head: Number(head),
    wantedFrom: Number(wantedFrom),
    wantedUntil: Number(wantedUntil),
  };
}

export function loggedOf([position, loggedAt, body]: Row): LoggedEvent {
  return { position: Number(position), loggedAt: Number(loggedAt), event: JSON.parse(String(body)) };
}

export const selectState: Statement = { sql: `SELECT ${STATE} FROM server_event_log l` };

/** Nobody else appends or trims until the transaction ends, so that positions become visible in their order. */
export const lockState: Statement = { sql: `${selectState.sql} FOR UPDATE` };

/** One statement, so that the state is that of the events. The columns of the state come first. */
export function selectPage(after: number, limit: number): Statement {
  const page = 'SELECT position, logged_at, body FROM server_events WHERE position > ? ORDER BY position LIMIT ?';
  return {
    sql: `SELECT ${STATE}, e.position, e.logged_at, e.body FROM server_event_log l LEFT JOIN (${page}) e ON TRUE
      ORDER BY e.position`,
    values: [after, limit],
  };
}

export function dropUpTo(floor: number): Statement[] {
  return [
    { sql: 'DELETE FROM server_events WHERE position <= ?', values: [floor] },
    { sql: 'UPDATE server_event_log SET floor = ?', values: [floor] },
  ];
}
