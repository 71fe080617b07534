import { type Clock, ImError } from '@chasqui/domain';
import {
  type CryptoKey,
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWTHeaderParameters,
} from 'jose';

/** The source of the keys of RS256 and ES256 tokens: the issuer's published key set, or the keys themselves. */
export type KeySource = { url: string } | { keys: JSONWebKeySet['keys'] };

/**
 * Finds the key that a token's header names. Errors: jose's own, and `engine_unavailable` if no key set was ever read.
 */
export type KeySet = (header: JWTHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

const FETCH_TIMEOUT_MS = 5_000;
/** A key set of this age is read again in the background. */
const REFRESH_AFTER_MS = 10 * 60_000;
/** Minimum interval between reads because of unknown key ids: forged tokens must not cause requests. */
const UNKNOWN_KEY_COOL_DOWN_MS = 30_000;
/** Minimum interval between attempts to read the first key set. */
const FIRST_READ_COOL_DOWN_MS = 1_000;

export function createKeySet(source: KeySource, clock: Clock): KeySet {
  if ('keys' in source) return createLocalJWKSet({ keys: source.keys });
  return createRemoteKeySet(new URL(source.url), clock);
}

/** Keeps the last key set that was read for as long as the key server does not answer. */
function createRemoteKeySet(url: URL, clock: Clock): KeySet {
  const remote = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_TIMEOUT_MS,
    // This function decides when to read again, and counts failed reads too.
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: Number.POSITIVE_INFINITY,
  });
  let triedAt = Number.NEGATIVE_INFINITY;
  const cooling = (coolDownMs: number) => clock.monotonic() - triedAt < coolDownMs;
  const reload = async () => {
    triedAt = remote.reloading ? triedAt : clock.monotonic();
    await remote.reload();
  };
  const firstRead = async () => {
    if (!remote.reloading && cooling(FIRST_READ_COOL_DOWN_MS)) {
      throw new ImError('engine_unavailable', "the token issuer's keys could not be read");
    }
    await reload().catch((error) => {
      throw new ImError('engine_unavailable', "the token issuer's keys cannot be read", {}, error);
    });
  };
  return async (header, token) => {
    if (remote.jwks() === undefined) await firstRead();
    // The old keys stay valid if this fails.
    else if (!cooling(REFRESH_AFTER_MS)) reload().catch(() => {});
    try {
      return await remote(header, token);
    } catch (error) {
      const unknownKey = error instanceof errors.JWKSNoMatchingKey;
      if (!unknownKey || (!remote.reloading && cooling(UNKNOWN_KEY_COOL_DOWN_MS))) throw error;
      await reload().catch(() => {});
      return await remote(header, token);
    }
  };
}
