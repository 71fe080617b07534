import { SignJWT } from 'jose';

/** The token with which a user of yours logs in to Chasqui during the next ten minutes. */
export function chatToken(userId, secret) {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setIssuer('shop')
    .setAudience('chat')
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(new TextEncoder().encode(secret));
}
