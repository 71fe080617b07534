import { createHmac } from 'node:crypto';

/** A token that a host application signs itself (RFC 7519, HS256), with the claims given. */
export function hostToken(secret: string, claims: object): string {
  const [head, body] = [{ alg: 'HS256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`;
}
