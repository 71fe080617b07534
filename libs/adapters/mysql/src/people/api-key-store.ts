import { API_KEY_LIMITS, type ApiKey, type ApiScope } from '@chasqui/domain';
import type { ApiKeyStore } from '@chasqui/ports';
import type { Answer, Database } from '../engine/index.ts';

const COLUMNS = `key_id, name, scopes, secret_hash, former_hash, former_until, per_second, created_at, expires_at,
  last_used_at, revoked_at`;
const CREATE = `INSERT INTO api_keys (${COLUMNS}) VALUES (?)`;
const GET = `SELECT ${COLUMNS} FROM api_keys WHERE key_id = ?`;
const LIST = `SELECT ${COLUMNS} FROM api_keys ORDER BY created_at, key_id`;
const LOCK = 'SELECT key_id, revoked_at FROM api_keys FOR UPDATE';
const DROP = 'DELETE FROM api_keys WHERE key_id = ?';
const ROTATE = `UPDATE api_keys SET former_hash = secret_hash, secret_hash = ?, former_until = ?
  WHERE key_id = ? AND secret_hash <> ?`;
const REVOKE = 'UPDATE api_keys SET revoked_at = ? WHERE key_id = ? AND revoked_at = 0';
const USED = 'UPDATE api_keys SET last_used_at = ? WHERE key_id = ? AND last_used_at <= ?';

function keyOf(row: Answer['rows'][number]): ApiKey {
  const [keyId, name, scopes, secretHash, formerHash, formerUntil, perSecond, ...times] = row as string[];
  const [createdAt, expiresAt, lastUsedAt, revokedAt] = times;
  const held = (scopes ?? '').split(' ').filter((scope) => scope !== '') as ApiScope[];
  return {
    ...{ keyId, name, scopes: held, secretHash, formerHash, formerUntil, perSecond },
    ...{ createdAt, expiresAt, lastUsedAt, revokedAt },
  } as unknown as ApiKey;
}

/** Locks the whole table, which is small and seldom changed. */
function create(database: Database, key: ApiKey): Promise<boolean> {
  return database.transaction<boolean>(async (transaction) => {
    const [answer] = await transaction.query([{ sql: LOCK }]);
    const rows = (answer?.rows ?? []) as [keyId: string, revokedAt: number][];
    if (rows.some(([keyId]) => keyId === key.keyId)) return { result: true, writes: [] };
    const [first] = rows.filter(([, revokedAt]) => revokedAt > 0).sort(([, a], [, b]) => a - b);
    const isFull = rows.length >= API_KEY_LIMITS.maxKeys;
    if (isFull && first === undefined) return { result: false, writes: [] };
    const { keyId, name, scopes, secretHash, formerHash, formerUntil, perSecond } = key;
    const { createdAt, expiresAt, lastUsedAt, revokedAt } = key;
    const hashes = [secretHash, formerHash, formerUntil];
    const row = [keyId, name, scopes.join(' '), ...hashes, perSecond, createdAt, expiresAt, lastUsedAt, revokedAt];
    const save = { sql: CREATE, values: [row] };
    return { result: true, writes: isFull && first !== undefined ? [{ sql: DROP, values: [first[0]] }, save] : [save] };
  });
}

export function createApiKeyStore(database: Database): ApiKeyStore {
  const get = async (keyId: string) => {
    const [row] = (await database.run({ sql: GET, values: [keyId] })).rows;
    return row === undefined ? null : keyOf(row);
  };
  return {
    create: (key) => create(database, key),
    get,
    list: async () => (await database.run({ sql: LIST })).rows.map(keyOf),
    /** If the stored hash is the new one already, an earlier attempt's answer was lost. */
    async rotate({ keyId, secretHash, formerUntil }) {
      const { affected } = await database.run({ sql: ROTATE, values: [secretHash, formerUntil, keyId, secretHash] });
      return affected === 1 || (await get(keyId)) !== null;
    },
    async revoke(keyId, at) {
      const { affected } = await database.run({ sql: REVOKE, values: [at, keyId] });
      return affected === 1 || (await get(keyId)) !== null;
    },
    async used(keyId, at) {
      await database.run({ sql: USED, values: [at, keyId, at - API_KEY_LIMITS.lastUseStepMs] });
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
