import { exportJWK, generateKeyPair, SignJWT } from 'jose';

// Made at each start, for a trial. Make yours once, and keep it in your secret store (`exportPKCS8`, `importPKCS8`); to
// change it, publish the new key beside the old one first.
const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });

/** Answer this at the address that you give Chasqui as `CHASQUI_JWKS_URL`. */
export const publishedKeys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'first', alg: 'ES256', use: 'sig' }] };

/** The token with which a user of yours logs in to Chasqui during the next ten minutes. */
export function chatToken(userId) {
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: 'first' })
    .setSubject(userId)
    .setIssuer('shop')
    .setAudience('chat')
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(privateKey);
}
