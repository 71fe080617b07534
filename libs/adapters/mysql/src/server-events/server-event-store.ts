import type { ServerEvent } from '@chasqui/domain';
import type { EventLogState, ServerEventStore } from '@chasqui/ports';
import type { Database, Row, Statement } from '../engine/index.ts';
import { dropUpTo, lockState, loggedOf, selectPage, selectState, stateOf } from './event-log-rows.ts';

const OF_KEY = `SELECT position, logged_at, body FROM server_events
  WHERE event_key = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?`;
const INSERT = 'INSERT INTO server_events (position, event_id, event_key, logged_at, body) VALUES ?';
/** The position before the first of the oldest events that is young; null: all are old. */
const OLD = `SELECT MIN(position) - 1 FROM
  (SELECT position, logged_at FROM server_events ORDER BY position LIMIT ?) oldest WHERE logged_at >= ?`;
const WANT = 'UPDATE server_event_log SET wanted_from = ?, wanted_until = ?';

export function createServerEventStore(database: Database): ServerEventStore {
  return {
    append: async (events, now) => (events.length === 0 ? 0 : append(database, events, now)),
    async page(after, limit) {
      const { rows } = await database.run(selectPage(after, limit));
      const events = rows.filter((row) => row[5] !== null).map((row) => loggedOf(row.slice(5)));
      return { ...stateOf(rows[0] ?? []), events };
    },
    async ofKey(key, { after, until, limit }) {
      const { rows } = await database.run({ sql: OF_KEY, values: [key, after, until, limit] });
      return rows.map(loggedOf);
    },
    state: async () => stateOf((await database.run(selectState)).rows[0] ?? []),
    want: (until, now) =>
      database.transaction(async (transaction) => {
        const [found] = await transaction.query([lockState]);
        const state = stateOf(found?.rows[0] ?? []);
        const wantedFrom = state.wantedUntil <= now ? state.head : state.wantedFrom;
        const wantedUntil = Math.max(until, state.wantedUntil);
        const result: EventLogState = { ...state, wantedFrom, wantedUntil };
        return { result, writes: [{ sql: WANT, values: [wantedFrom, wantedUntil] }] };
      }),
    trim: ({ olderThan, maxEvents, limit }) =>
      database.transaction(async (transaction) => {
        const [locked, old] = await transaction.query([lockState, { sql: OLD, values: [limit, olderThan] }]);
        const { floor, head } = stateOf(locked?.rows[0] ?? []);
        const young = Number(old?.rows[0]?.[0] ?? head);
        const to = Math.min(floor + limit, Math.max(young, head - maxEvents));
        return { result: Math.max(0, to - floor), writes: to > floor ? dropUpTo(to) : [] };
      }),
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}

function append(database: Database, events: readonly ServerEvent[], now: number): Promise<number> {
  return database.transaction<number>(async (transaction, earlier) => {
    const known: Statement = {
      sql: 'SELECT event_id FROM server_events WHERE event_id IN (?)',
      values: [[...new Set(events.map(({ id }) => id))]],
    };
    const [locked, found] = await transaction.query([lockState, known]);
    const { head } = stateOf(locked?.rows[0] ?? []);
    const ids = new Set(found?.rows.map(([id]) => String(id)));
    const rows: Row[] = [];
    for (const event of events) {
      if (ids.has(event.id)) continue;
      ids.add(event.id);
      rows.push([head + rows.length + 1, event.id, event.key, now, JSON.stringify(event)]);
    }
    if (rows.length === 0) return { result: earlier ?? 0, writes: [] };
    const raised: Statement = { sql: 'UPDATE server_event_log SET head = ?', values: [head + rows.length] };
    return { result: rows.length, writes: [{ sql: INSERT, values: [rows] }, raised] };
  });
}
