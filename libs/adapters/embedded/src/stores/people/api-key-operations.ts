import { API_KEY_LIMITS, type ApiKey, type ApiScope } from '@chasqui/domain';
import type { Database, Row } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { OperationsOf } from './people-operations.ts';

const COLUMNS =
  'id, name, scopes, hash, former_hash, former_until, per_second, created_at, expires_at, last_used_at, revoked_at';
const CREATE = `INSERT INTO api_keys (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const GET = `SELECT ${COLUMNS} FROM api_keys WHERE id = ?`;
const LIST = `SELECT ${COLUMNS} FROM api_keys ORDER BY created_at, id`;
const DROP_REVOKED = `DELETE FROM api_keys WHERE id =
  (SELECT id FROM api_keys WHERE revoked_at > 0 ORDER BY revoked_at LIMIT 1)`;
const ROTATE = 'UPDATE api_keys SET former_hash = hash, hash = ?, former_until = ? WHERE id = ?';
const REVOKE = 'UPDATE api_keys SET revoked_at = iif(revoked_at = 0, ?, revoked_at) WHERE id = ?';
const USED = 'UPDATE api_keys SET last_used_at = ?1 WHERE id = ?2 AND last_used_at + ?3 <= ?1';

function keyOf(row: Row): ApiKey {
  const [keyId, name, scopes, secretHash, formerHash, formerUntil, perSecond, ...times] = row as string[];
  const [createdAt, expiresAt, lastUsedAt, revokedAt] = times;
  const held = (scopes ?? '').split(' ').filter((scope) => scope !== '') as ApiScope[];
  return {
    ...{ keyId, name, scopes: held, secretHash, formerHash, formerUntil, perSecond },
    ...{ createdAt, expiresAt, lastUsedAt, revokedAt },
  } as unknown as ApiKey;
}

export function apiKeyOperations(db: Database): Handlers<OperationsOf<'apiKeys'>> {
  const get = (keyId: string) => db.get(GET, keyId);
  return {
    'apiKeys.create'(key) {
      if (get(key.keyId) !== undefined) return true;
      const isFull = db.number('SELECT count(*) FROM api_keys') >= API_KEY_LIMITS.maxKeys;
      if (isFull && db.run(DROP_REVOKED) === 0) return false;
      const { keyId, name, scopes, secretHash, formerHash, formerUntil, perSecond } = key;
      const { createdAt, expiresAt, lastUsedAt, revokedAt } = key;
      const hashes = [secretHash, formerHash, formerUntil] as const;
      db.run(CREATE, keyId, name, scopes.join(' '), ...hashes, perSecond, createdAt, expiresAt, lastUsedAt, revokedAt);
      return true;
    },
    'apiKeys.get'(keyId) {
      const row = get(keyId);
      return row === undefined ? null : keyOf(row);
    },
    'apiKeys.list': () => db.all(LIST).map(keyOf),
    'apiKeys.rotate': ({ keyId, secretHash, formerUntil }) => db.run(ROTATE, secretHash, formerUntil, keyId) === 1,
    'apiKeys.revoke': ([keyId, at]) => db.run(REVOKE, at, keyId) === 1,
    'apiKeys.used'([keyId, at]) {
      db.run(USED, at, keyId, API_KEY_LIMITS.lastUseStepMs);
      return null;
    },
  };
}
