import { createECDH } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { vapidKeyText } from '@chasqui/kit';
import { importJWK, jwtVerify } from 'jose';
import { httpServer } from './http-server.ts';

export interface PushServiceRequest {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An answer that the service gives in place of the regular one. */
export type PushServiceMood =
  | { status: number; retryAfter?: string; location?: string }
  | 'silent'
  | 'drops the connection';

/** A VAPID key pair in the form that operators configure. */
export function vapidKeys(): { publicKey: string; privateKey: string } {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  return { publicKey: pair.getPublicKey('base64url'), privateKey: vapidKeyText(pair.getPrivateKey()) };
}

/** A browser's push service according to RFC 8030 and RFC 8292: it checks the VAPID token and the headers. */
export async function pushService({ publicKey }: { publicKey: string }) {
  const requests: PushServiceRequest[] = [];
  const moods: PushServiceMood[] = [];

  async function isSigned(authorization: string): Promise<boolean> {
    const [, token = '', key = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(authorization) ?? [];
    const raw = Buffer.from(key, 'base64url');
    if (key !== publicKey || raw.length !== 65) return false;
    const [x, y] = [raw.subarray(1, 33), raw.subarray(33)].map((part) => part.toString('base64url'));
    const jwk = await importJWK({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, 'ES256');
    return jwtVerify(token, jwk, { audience: server.url, requiredClaims: ['exp', 'sub'] }).then(
      ({ payload }) => (payload.exp ?? 0) < Date.now() / 1_000 + 24 * 3_600,
      () => false,
    );
  }

  const server = await httpServer(async (request, body, response) => {
    requests.push({ headers: request.headers, body });
    const mood = moods.shift();
    if (mood === 'silent') return;
    if (mood === 'drops the connection') return void request.socket.destroy();
    if (typeof mood === 'object') {
      const { status, retryAfter, location } = mood;
      if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
      if (location !== undefined) response.setHeader('location', location);
      return void response.writeHead(status).end();
    }
    const { authorization = '', ttl, topic, urgency, 'content-encoding': encoding } = request.headers;
    if (!(await isSigned(authorization))) return void response.writeHead(403).end();
    const good =
      /^\d+$/.test(String(ttl)) &&
      /^[A-Za-z0-9_-]{1,32}$/.test(String(topic)) &&
      urgency === 'high' &&
      encoding === 'aes128gcm' &&
      body.length <= 4_096;
    response.writeHead(good ? 201 : 400).end();
  });
  return { ...server, requests, moods };
}
