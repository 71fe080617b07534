import { API_KEY_LIMITS, type ApiKey, type ApiScope, ImError } from '@chasqui/domain';
import { isSecretOf, parseApiKey } from '@chasqui/kit';
import type { FastifyRequest } from 'fastify';
import type { ApiContext, ApiServer } from '../context.ts';
import { bearerOf } from './authentication.ts';
import { throttleAddress, throttleKey } from './throttle.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route of the server API. */
    apiKey: ApiKey;
  }
  interface FastifyContextConfig {
    /** The scope that a key must have for this route of the server API; null: any key may call it. */
    scope?: ApiScope | null;
  }
}

type KeyContext = Pick<ApiContext, 'apiKeys' | 'rateLimits' | 'settings' | 'clock' | 'logger'>;

/**
 * Every route of this scope needs `Authorization: Bearer ck_…`, a key with the route's scope. The key is read from the
 * store at each request, so a revocation holds at once. A wrong key is charged to the address like a failed log-in.
 */
export function requireKey(app: ApiServer, context: KeyContext): void {
  const { clock } = context;
  app.addHook('onRoute', ({ url, config }) => {
    if (config?.scope === undefined) throw new ImError('internal', `the route ${url} names no scope`);
  });
  app.addHook('onRequest', async (request) => {
    const key = await validKey(context, request);
    const { scope = null } = request.routeOptions.config;
    if (scope !== null && !key.scopes.includes(scope)) {
      throw new ImError('scope_missing', `this needs a key with the scope ${scope}`, { field: scope });
    }
    await throttleKey(context, key);
    await noteUse(context, key, clock.now());
    request.apiKey = key;
  });
}

/** Errors: `unauthorized`, `api_key_invalid`, `api_key_expired`; `too_fast` after too many wrong ones. */
async function validKey(context: KeyContext, request: FastifyRequest): Promise<ApiKey> {
  try {
    return await readKey(context, request);
  } catch (error) {
    if (REFUSALS.has(ImError.from(error).code)) await throttleAddress(context, request.ip);
    throw error;
  }
}

/**
 * Checks the key of a call once more, before what it waited for, or the next part of a long answer, is handed out.
 * Errors: `api_key_invalid`, `api_key_expired`.
 */
export async function mustStillHold(
  context: Pick<KeyContext, 'apiKeys' | 'clock'>,
  request: Pick<FastifyRequest, 'headers'>,
): Promise<void> {
  await readKey(context, request);
}

const REFUSALS: ReadonlySet<string> = new Set(['api_key_invalid', 'api_key_expired']);

/** Errors: `unauthorized`, `api_key_invalid`, `api_key_expired`. */
async function readKey(
  { apiKeys, clock }: Pick<KeyContext, 'apiKeys' | 'clock'>,
  request: Pick<FastifyRequest, 'headers'>,
): Promise<ApiKey> {
  const text = bearerOf(request);
  if (text === undefined) throw new ImError('unauthorized', 'an API key is required: Authorization: Bearer ck_…');
  const given = parseApiKey(text);
  const key = given === null ? null : await apiKeys.get(given.keyId);
  const now = clock.now();
  if (given === null || key === null || !isSecretOf(key, given.secret, now) || key.revokedAt > 0) {
    throw new ImError('api_key_invalid', 'there is no such API key');
  }
  if (key.expiresAt > 0 && now >= key.expiresAt) throw new ImError('api_key_expired', 'the API key has expired');
  return key;
}

async function noteUse({ apiKeys, logger }: KeyContext, { keyId, lastUsedAt }: ApiKey, now: number): Promise<void> {
  if (now < lastUsedAt + API_KEY_LIMITS.lastUseStepMs) return;
  await apiKeys.used(keyId, now).catch((error) => {
    logger.warn({ err: error, keyId }, 'the last use of an API key could not be noted');
  });
}
