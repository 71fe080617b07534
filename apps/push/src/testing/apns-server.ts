import { createServer, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { defined } from '@chasqui/domain';
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { onTestFinished } from 'vitest';

export interface ApnsRequest {
  headers: IncomingHttpHeaders;
  payload: { aps: { alert: unknown; badge?: number }; chasqui: unknown };
  /** Number of the connection that carried the request, from 1. */
  connection: number;
}

/** An answer that the server gives in place of the regular one. */
export type ApnsMood =
  | { status: number; reason: string; timestamp?: number; retryAfter?: string }
  | 'silent'
  | 'drops the connection'
  | 'resets the stream'
  | 'says GOAWAY and answers';

const KEY_ID = 'KEY1234567';
const TEAM_ID = 'TEAM123456';
const HOUR_S = 3_600;

/** An HTTP/2 server that behaves as Apple documents APNs: path, token, topic, sizes, `apns-id`, reasons in JSON. */
export async function apnsServer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const requests: ApnsRequest[] = [];
  const moods: ApnsMood[] = [];
  const sessions = new Map<Http2Session, number>();
  const server = createServer();

  async function tokenFault(authorization = ''): Promise<string | null> {
    try {
      const token = /^bearer (.+)$/.exec(authorization)?.[1] ?? '';
      const { payload, protectedHeader } = await jwtVerify(token, publicKey, { issuer: TEAM_ID });
      if (protectedHeader.kid !== KEY_ID || protectedHeader.alg !== 'ES256') return 'InvalidProviderToken';
      return Date.now() / 1_000 - (payload.iat ?? 0) > HOUR_S ? 'ExpiredProviderToken' : null;
    } catch {
      return authorization === '' ? 'MissingProviderToken' : 'InvalidProviderToken';
    }
  }

  async function faultOf(headers: IncomingHttpHeaders, body: string): Promise<[number, string] | null> {
    const path = /^\/3\/device\/(.*)$/.exec(String(headers[':path']))?.[1];
    if (path === undefined) return [404, 'BadPath'];
    if (headers[':method'] !== 'POST') return [405, 'MethodNotAllowed'];
    const fault = await tokenFault(headers.authorization);
    if (fault !== null) return [403, fault];
    if (headers['apns-topic'] === undefined) return [400, 'MissingTopic'];
    if (!/^[0-9a-f]{64}$/.test(path)) return [400, 'BadDeviceToken'];
    if (String(headers['apns-collapse-id']).length > 64) return [400, 'BadCollapseId'];
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(headers['apns-id']))) return [400, 'BadMessageId'];
    return Buffer.byteLength(body) > 4_096 ? [413, 'PayloadTooLarge'] : null;
  }

  function answer(
    stream: ServerHttp2Stream,
    id: unknown,
    status: number,
    extra: object = {},
    retryAfter?: string,
  ): void {
    const after = defined({ 'retry-after': retryAfter });
    stream.respond({ ':status': status, 'apns-id': String(id), ...after });
    stream.end(status === 200 ? '' : JSON.stringify(extra));
  }

  async function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, body: string): Promise<void> {
    const { session } = stream;
    const connection = session === undefined ? 0 : (sessions.get(session) ?? 0);
    requests.push({ headers, payload: JSON.parse(body), connection });
    const mood = moods.shift();
    if (mood === 'silent') return;
    if (mood === 'drops the connection') return session?.destroy();
    if (mood === 'resets the stream') return stream.close(7);
    if (mood === 'says GOAWAY and answers') session?.goaway(0);
    if (typeof mood === 'object') {
      const { status, retryAfter, ...problem } = mood;
      return answer(stream, headers['apns-id'], status, problem, retryAfter);
    }
    const fault = await faultOf(headers, body);
    if (fault === null) answer(stream, headers['apns-id'], 200);
    else answer(stream, headers['apns-id'], fault[0], { reason: fault[1] });
  }

  server.on('session', (session) => {
    sessions.set(session, sessions.size + 1);
    session.on('error', () => {});
  });
  server.on('stream', (stream, headers) => {
    let body = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      body += chunk;
    });
    stream.on('end', () => void serve(stream, headers, body));
    stream.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    for (const session of sessions.keys()) session.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    key: await exportPKCS8(privateKey),
    keyId: KEY_ID,
    teamId: TEAM_ID,
    requests,
    moods,
    stop,
    /** Starts again on the same port. */
    restart: () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve)),
  };
}
