import { API_KEY_LIMITS, type ApiKey } from '@chasqui/domain';
import type { ApiKeyStore } from '@chasqui/ports';

/** The keys of the server API in memory, for tests. */
export function createMemoryApiKeys(): ApiKeyStore {
  const keys = new Map<string, ApiKey>();
  const change = (keyId: string, changed: (key: ApiKey) => Partial<ApiKey>): boolean => {
    const key = keys.get(keyId);
    if (key !== undefined) keys.set(keyId, { ...key, ...changed(key) });
    return key !== undefined;
  };
  return {
    async create(key) {
      if (keys.has(key.keyId)) return true;
      if (keys.size >= API_KEY_LIMITS.maxKeys) {
        const [first] = [...keys.values()].filter((one) => one.revokedAt > 0).sort((a, b) => a.revokedAt - b.revokedAt);
        if (first === undefined) return false;
        keys.delete(first.keyId);
      }
      keys.set(key.keyId, { ...key });
      return true;
    },
    async get(keyId) {
      const key = keys.get(keyId);
      return key === undefined ? null : { ...key };
    },
    async list() {
      const all = [...keys.values()].map((key) => ({ ...key }));
      return all.sort((a, b) => a.createdAt - b.createdAt || (a.keyId < b.keyId ? -1 : 1));
    },
    rotate: async ({ keyId, secretHash, formerUntil }) =>
      change(keyId, (key) => ({ secretHash, formerHash: key.secretHash, formerUntil })),
    revoke: async (keyId, at) => change(keyId, ({ revokedAt }) => ({ revokedAt: revokedAt || at })),
    async used(keyId, at) {
      change(keyId, ({ lastUsedAt }) => (at < lastUsedAt + API_KEY_LIMITS.lastUseStepMs ? {} : { lastUsedAt: at }));
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
