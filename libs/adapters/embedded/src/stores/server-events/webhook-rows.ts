import { MAX_WEBHOOK_ENDPOINTS, newWebhookProgress, type WebhookEndpoint, type WebhookProgress } from '@chasqui/domain';
import type { SavedProgress, WebhookLease } from '@chasqui/ports';
import type { Database } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { ServerEventOperations } from './server-event-operations.ts';

type WebhookOperations = Pick<ServerEventOperations, Extract<keyof ServerEventOperations, `webhooks.${string}`>>;

const STORED = 'SELECT version, body FROM webhooks WHERE endpoint = ?';
const UPDATE = 'UPDATE webhooks SET version = ?, body = ? WHERE endpoint = ?';
const INSERT = "INSERT INTO webhooks VALUES (?, 1, ?, ?, '', 0, ?)";
const LIST = 'SELECT body, owner, beat FROM webhooks ORDER BY created_at, endpoint';
const LEASE = 'UPDATE webhooks SET owner = ?, beat = beat + 1 WHERE endpoint = ? AND owner = ? AND beat = ?';
const ADD_LETTER = 'INSERT OR REPLACE INTO webhook_dead_letters VALUES (?, ?, ?, ?, 0, ?)';
const BOUND = `DELETE FROM webhook_dead_letters WHERE endpoint = ?1 AND position <=
  (SELECT position FROM webhook_dead_letters WHERE endpoint = ?1 ORDER BY position DESC LIMIT 1 OFFSET ?2)`;
const LETTERS = `SELECT position, at, error, body FROM webhook_dead_letters
  WHERE endpoint = ? AND position > ? AND is_replayed >= ? ORDER BY position LIMIT ?`;
const REPLAY = 'UPDATE webhook_dead_letters SET is_replayed = 1 WHERE endpoint = ? AND is_replayed = 0';
const TRIM = `DELETE FROM webhook_dead_letters WHERE (endpoint, position) IN
  (SELECT endpoint, position FROM webhook_dead_letters WHERE at < ? LIMIT ?)`;

export function webhookOperations(db: Database): Handlers<WebhookOperations> {
  return {
    'webhooks.put': (endpoint) => put(db, endpoint),
    'webhooks.list': () =>
      db.all(LIST).map(([body, owner, beat]) => ({
        endpoint: JSON.parse(String(body)) as WebhookEndpoint,
        lease: { owner: String(owner), beat: Number(beat) },
      })),
    'webhooks.remove'(endpointId) {
      db.run('DELETE FROM webhook_dead_letters WHERE endpoint = ?', endpointId);
      return db.run('DELETE FROM webhooks WHERE endpoint = ?', endpointId) === 1;
    },
    'webhooks.progress'(endpointId) {
      const row = db.get('SELECT progress FROM webhooks WHERE endpoint = ?', endpointId);
      return row === undefined ? null : (JSON.parse(String(row[0])) as WebhookProgress);
    },
    'webhooks.save': ([endpointId, saved]) => save(db, endpointId, saved),
    'webhooks.deadLetters': ([endpointId, after, limit, replayed]) =>
      db.all(LETTERS, endpointId, after, replayed ? 1 : 0, limit).map(([position, at, error, body]) => ({
        position: Number(position),
        at: Number(at),
        error: String(error),
        event: JSON.parse(String(body)),
      })),
    'webhooks.replay'([endpointId, positions]) {
      if (positions === 'all') return db.run(REPLAY, endpointId);
      return positions.reduce((sum, position) => sum + db.run(`${REPLAY} AND position = ?`, endpointId, position), 0);
    },
    'webhooks.trimDeadLetters': ([olderThan, limit]) => db.run(TRIM, olderThan, limit),
  };
}

function put(db: Database, endpoint: WebhookEndpoint): boolean {
  const { endpointId, version, createdAt } = endpoint;
  const body = JSON.stringify(endpoint);
  const [known = 0, stored] = db.get(STORED, endpointId) ?? [];
  if (version !== Number(known) + 1) return stored === body;
  if (version > 1) return db.run(UPDATE, version, body, endpointId) === 1;
  if (db.number('SELECT count(*) FROM webhooks') >= MAX_WEBHOOK_ENDPOINTS) return false;
  const cursor = db.number('SELECT head FROM server_event_log');
  db.run(INSERT, endpointId, createdAt, body, JSON.stringify(newWebhookProgress(cursor)));
  return true;
}

function save(
  db: Database,
  endpointId: string,
  { from, owner, progress, deadLetters = [], delivered = [], maxDeadLetters }: SavedProgress,
): WebhookLease | null {
  if (db.run(LEASE, owner, endpointId, from.owner, from.beat) === 0) return null;
  if (progress !== undefined) {
    db.run('UPDATE webhooks SET progress = ? WHERE endpoint = ?', JSON.stringify(progress), endpointId);
  }
  for (const position of delivered) {
    db.run('DELETE FROM webhook_dead_letters WHERE endpoint = ? AND position = ?', endpointId, position);
  }
  for (const { event, position, error, at } of deadLetters) {
    db.run(ADD_LETTER, endpointId, position, at, error, JSON.stringify(event));
  }
  if (deadLetters.length > 0) db.run(BOUND, endpointId, maxDeadLetters);
  return { owner, beat: from.beat + 1 };
}
