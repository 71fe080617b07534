import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { API_KEY_ID_PATTERN, type ApiKey } from '@chasqui/domain';

const SECRET_BYTES = 32;
/** The secret is 32 bytes in base64url. */
const TEXT = new RegExp(`^ck_(${API_KEY_ID_PATTERN.slice(1, -1)})_([A-Za-z0-9_-]{43})$`);
/** Compared where there is no hash, so that the time tells nothing. */
const NO_HASH = '0'.repeat(64);

export function newApiKeyId(): string {
  return randomBytes(8).toString('hex');
}

/** A secret of 256 random bits, and the hash of it that is kept. */
export function newApiKeySecret(): { secret: string; secretHash: string } {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { secret, secretHash: hashOf(secret) };
}

/** The key as its owner gets and sends it. */
export function apiKeyText(keyId: string, secret: string): string {
  return `ck_${keyId}_${secret}`;
}

/** Null: the text is not a key. */
export function parseApiKey(text: string): { keyId: string; secret: string } | null {
  const [, keyId, secret] = TEXT.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? null : { keyId, secret };
}

/** Whether the secret is the key's, or was before a rotation and still is valid at `now` (Unix ms). */
export function isSecretOf(
  { secretHash, formerHash, formerUntil }: Pick<ApiKey, 'secretHash' | 'formerHash' | 'formerUntil'>,
  secret: string,
  now: number,
): boolean {
  const given = Buffer.from(hashOf(secret));
  const isCurrent = timingSafeEqual(given, Buffer.from(secretHash));
  const isFormer = timingSafeEqual(given, Buffer.from(formerHash || NO_HASH));
  return isCurrent || (isFormer && now < formerUntil);
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
