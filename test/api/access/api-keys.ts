import { API_SCOPES, type ApiKey, type ApiScope } from '@chasqui/domain';
import { apiKeyText, newApiKeyId, newApiKeySecret } from '@chasqui/kit';
import type { TestApi } from '../fixture.ts';

export const ALL_SCOPES = Object.keys(API_SCOPES) as ApiScope[];

/** Makes a key with all scopes, or as given. Returns its text. */
export async function makeKey(
  { deps }: { deps: Pick<TestApi['deps'], 'apiKeys'> },
  fields: Partial<ApiKey> = {},
): Promise<string> {
  const { secret, secretHash } = newApiKeySecret();
  const key: ApiKey = {
    ...{ keyId: newApiKeyId(), name: 'tests', scopes: ALL_SCOPES, secretHash, formerHash: '', formerUntil: 0 },
    ...{ perSecond: 1_000_000, createdAt: 1, expiresAt: 0, lastUsedAt: 0, revokedAt: 0 },
    ...fields,
  };
  await deps.apiKeys.create(key);
  return apiKeyText(key.keyId, secret);
}

export const withKey = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
