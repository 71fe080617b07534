import type { EventLogState, LoggedEvent } from '@chasqui/ports';
import type { Database, Row } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { ServerEventOperations } from './server-event-operations.ts';

type LogOperations = Pick<ServerEventOperations, Extract<keyof ServerEventOperations, `serverEvents.${string}`>>;

const STATE = 'SELECT floor, head, wanted_from, wanted_until FROM server_event_log';
const INSERT = 'INSERT INTO server_events VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING';
const PAGE = 'SELECT position, logged_at, body FROM server_events WHERE position > ? ORDER BY position LIMIT ?';
const OF_KEY = `SELECT position, logged_at, body FROM server_events
  WHERE key = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?`;
/** The position before the first of the oldest events that is young; null: all are old. */
const OLD = `SELECT min(position) - 1 FROM
  (SELECT position, logged_at FROM server_events ORDER BY position LIMIT ?) WHERE logged_at >= ?`;

function loggedOf([position, loggedAt, body]: Row): LoggedEvent {
  return { position: Number(position), loggedAt: Number(loggedAt), event: JSON.parse(String(body)) };
}

export function eventLogOperations(db: Database, epoch: string): Handlers<LogOperations> {
  const state = (): EventLogState => {
    const [floor = 0, head = 0, wantedFrom = 0, wantedUntil = 0] = (db.get(STATE) ?? []).map(Number);
    return { epoch, floor, head, wantedFrom, wantedUntil };
  };
  const drop = (floor: number): void => {
    db.run('DELETE FROM server_events WHERE position <= ?', floor);
    db.run('UPDATE server_event_log SET floor = ?', floor);
  };
  return {
    'serverEvents.append'([events, now]) {
      const { head: before } = state();
      let head = before;
      for (const event of events) {
        head += db.run(INSERT, head + 1, event.id, event.key, now, JSON.stringify(event));
      }
      if (head > before) db.run('UPDATE server_event_log SET head = ?', head);
      return head - before;
    },
    'serverEvents.page': ([after, limit]) => ({ ...state(), events: db.all(PAGE, after, limit).map(loggedOf) }),
    'serverEvents.ofKey': ([key, after, until, limit]) => db.all(OF_KEY, key, after, until, limit).map(loggedOf),
    'serverEvents.state': state,
    'serverEvents.want'([until, now]) {
      const { head, wantedUntil } = state();
      if (wantedUntil <= now) db.run('UPDATE server_event_log SET wanted_from = ?', head);
      db.run('UPDATE server_event_log SET wanted_until = ?', Math.max(until, wantedUntil));
      return state();
    },
    'serverEvents.trim'({ olderThan, maxEvents, limit }) {
      const { floor, head } = state();
      const old = db.get(OLD, limit, olderThan)?.[0] ?? head;
      const to = Math.min(floor + limit, Math.max(Number(old), head - maxEvents));
      if (to > floor) drop(to);
      return Math.max(0, to - floor);
    },
  };
}
