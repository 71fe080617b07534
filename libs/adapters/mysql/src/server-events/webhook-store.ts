import {
  MAX_WEBHOOK_ENDPOINTS,
  newWebhookProgress,
  type WebhookDeadLetter,
  type WebhookEndpoint,
} from '@chasqui/domain';
import type { SavedProgress, WebhookLease, WebhookStore } from '@chasqui/ports';
import type { Database, Row, Statement } from '../engine/index.ts';
import { lockState, stateOf } from './event-log-rows.ts';

const LIST = 'SELECT body, owner, beat FROM webhooks ORDER BY created_at, endpoint_id';
const LETTERS = `SELECT position, at, error, body FROM webhook_dead_letters
  WHERE endpoint_id = ? AND position > ? AND is_replayed >= ? ORDER BY position LIMIT ?`;
const REPLAY = 'UPDATE webhook_dead_letters SET is_replayed = 1 WHERE endpoint_id = ? AND is_replayed = 0';
const TRIM = 'DELETE FROM webhook_dead_letters WHERE at < ? ORDER BY at LIMIT ?';

export function createWebhookStore(database: Database): WebhookStore {
  return {
    put: (endpoint) => put(database, endpoint),
    async list() {
      const { rows } = await database.run({ sql: LIST });
      return rows.map(([body, owner, beat]) => ({
        endpoint: JSON.parse(String(body)) as WebhookEndpoint,
        lease: { owner: String(owner), beat: Number(beat) },
      }));
    },
    remove: (endpointId) =>
      database.transaction<boolean>(async (transaction, earlier) => {
        const values = [endpointId];
        const [found] = await transaction.query([
          { sql: 'SELECT endpoint_id FROM webhooks WHERE endpoint_id = ? FOR UPDATE', values },
        ]);
        if (found?.rows.length === 0) return { result: earlier ?? false, writes: [] };
        const writes = [
          { sql: 'DELETE FROM webhook_dead_letters WHERE endpoint_id = ?', values },
          { sql: 'DELETE FROM webhooks WHERE endpoint_id = ?', values },
        ];
        return { result: true, writes };
      }),
    async progress(endpointId) {
      const sql = 'SELECT progress FROM webhooks WHERE endpoint_id = ?';
      const [row] = (await database.run({ sql, values: [endpointId] })).rows;
      return row === undefined ? null : JSON.parse(String(row[0]));
    },
    save: (endpointId, saved) => save(database, endpointId, saved),
    async deadLetters(endpointId, { after, limit, replayed = false }) {
      const { rows } = await database.run({ sql: LETTERS, values: [endpointId, after, replayed ? 1 : 0, limit] });
      return rows.map(letterOf);
    },
    async replay(endpointId, positions) {
      if (positions === 'all') return (await database.run({ sql: REPLAY, values: [endpointId] })).affected;
      if (positions.length === 0) return 0;
      return (await database.run({ sql: `${REPLAY} AND position IN (?)`, values: [endpointId, positions] })).affected;
    },
    trimDeadLetters: async (olderThan, limit) =>
      (await database.run({ sql: TRIM, values: [olderThan, limit] })).affected,
    async [Symbol.asyncDispose]() {},
  };
}

function letterOf([position, at, error, body]: Row): WebhookDeadLetter {
  return { position: Number(position), at: Number(at), error: String(error), event: JSON.parse(String(body)) };
}

/** The lock of the log's state also lets only one endpoint at a time be added. */
function put(database: Database, endpoint: WebhookEndpoint): Promise<boolean> {
  const { endpointId, version, createdAt } = endpoint;
  const body = JSON.stringify(endpoint);
  return database.transaction<boolean>(async (transaction) => {
    const [locked, found, counted] = await transaction.query([
      lockState,
      { sql: 'SELECT version, body FROM webhooks WHERE endpoint_id = ?', values: [endpointId] },
      { sql: 'SELECT COUNT(*) FROM webhooks' },
    ]);
    const [row] = found?.rows ?? [];
    const known = Number(row?.[0] ?? 0);
    if (version !== known + 1) return { result: row?.[1] === body, writes: [] };
    if (row !== undefined) {
      const sql = 'UPDATE webhooks SET version = ?, body = ? WHERE endpoint_id = ?';
      return { result: true, writes: [{ sql, values: [version, body, endpointId] }] };
    }
    if (Number(counted?.rows[0]?.[0]) >= MAX_WEBHOOK_ENDPOINTS) return { result: false, writes: [] };
    const progress = JSON.stringify(newWebhookProgress(stateOf(locked?.rows[0] ?? []).head));
    const values = [[endpointId, version, createdAt, body, '', 0, progress]];
    return { result: true, writes: [{ sql: 'INSERT INTO webhooks VALUES (?)', values }] };
  });
}

function save(database: Database, endpointId: string, saved: SavedProgress): Promise<WebhookLease | null> {
  const { from, owner } = saved;
  return database.transaction<WebhookLease | null>(async (transaction, earlier) => {
    const [found] = await transaction.query([
      { sql: 'SELECT owner, beat FROM webhooks WHERE endpoint_id = ? FOR UPDATE', values: [endpointId] },
    ]);
    const [row] = found?.rows ?? [];
    const isAt = (lease: WebhookLease) => row?.[0] === lease.owner && Number(row[1]) === lease.beat;
    if (earlier != null && isAt(earlier)) return { result: earlier, writes: [] };
    if (!isAt(from)) return { result: null, writes: [] };
    const lease: Statement = {
      sql: 'UPDATE webhooks SET owner = ?, beat = beat + 1 WHERE endpoint_id = ?',
      values: [owner, endpointId],
    };
    return { result: { owner, beat: from.beat + 1 }, writes: [lease, ...writesOf(endpointId, saved)] };
  });
}

function writesOf(
  endpointId: string,
  { progress, deadLetters = [], delivered = [], maxDeadLetters }: SavedProgress,
): Statement[] {
  const writes: Statement[] = [];
  if (progress !== undefined) {
    const values = [JSON.stringify(progress), endpointId];
    writes.push({ sql: 'UPDATE webhooks SET progress = ? WHERE endpoint_id = ?', values });
  }
  if (delivered.length > 0) {
    const sql = 'DELETE FROM webhook_dead_letters WHERE endpoint_id = ? AND position IN (?)';
    writes.push({ sql, values: [endpointId, delivered] });
  }
  if (deadLetters.length > 0) {
    const rows = deadLetters.map(({ position, at, error, event }) => [
      ...[endpointId, position, at, error, 0],
      JSON.stringify(event),
    ]);
    writes.push({ sql: 'REPLACE INTO webhook_dead_letters VALUES ?', values: [rows] });
    const oldest = `SELECT position FROM (SELECT position FROM webhook_dead_letters
      WHERE endpoint_id = ? ORDER BY position DESC LIMIT 1 OFFSET ?) beyond`;
    const sql = `DELETE FROM webhook_dead_letters WHERE endpoint_id = ? AND position <= (${oldest})`;
    writes.push({ sql, values: [endpointId, endpointId, maxDeadLetters] });
  }
  return writes;
}
