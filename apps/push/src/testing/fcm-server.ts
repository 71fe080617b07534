import type { ServerResponse } from 'node:http';
import { defined } from '@chasqui/domain';
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import type { ServiceAccount } from '../senders/google-token.ts';
import { httpServer } from './http-server.ts';

/** An answer that the server gives in place of the regular one. */
export type FcmMood =
  | { status: number; error: object; retryAfter?: string }
  | 'silent'
  | 'drops the connection'
  | 'wants another token'
  | 'redirects';

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';

/** An FCM error as Google documents it. */
export function fcmError(status: number, name: string, code?: string) {
  const details = code === undefined ? [] : [{ '@type': FCM_ERROR, errorCode: code }];
  return { code: status, message: 'as documented', status: name, details };
}

/** A token endpoint and FCM's HTTP v1 API behind one port, as Google documents them. */
export async function fcmServer() {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const moods: FcmMood[] = [];
  const messages: { [field: string]: unknown }[] = [];
  const tokens: string[] = [];
  /** Answers of the token endpoint before it issues a token. */
  const tokenMoods: number[] = [];
  const account: ServiceAccount = {
    project_id: 'chat-1',
    client_email: 'push@chat-1.iam.gserviceaccount.com',
    private_key: await exportPKCS8(privateKey),
    token_uri: '',
  };
  const json = (response: ServerResponse, status: number, body: object, headers: { [name: string]: string } = {}) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

  async function giveToken(body: string, response: ServerResponse): Promise<void> {
    const status = tokenMoods.shift();
    if (status !== undefined) return json(response, status, { error: 'invalid_grant' });
    const form = new URLSearchParams(body);
    const { payload } = await jwtVerify(form.get('assertion') ?? '', publicKey, {
      issuer: account.client_email,
      audience: account.token_uri,
    });
    const scoped = payload.scope === 'https://www.googleapis.com/auth/firebase.messaging';
    const granted = form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    if (!scoped || !granted) return json(response, 400, { error: 'invalid_request' });
    tokens.push(`token-${tokens.length + 1}`);
    json(response, 200, { access_token: tokens.at(-1), expires_in: 3_600, token_type: 'Bearer' });
  }

  const server = await httpServer(async (request, body, response) => {
    if (request.url === '/token') return giveToken(body.toString(), response);
    const mood = moods.shift();
    if (mood === 'silent') return;
    if (mood === 'drops the connection') return void request.socket.destroy();
    if (mood === 'redirects') return void response.writeHead(302, { location: '/token' }).end();
    const bearer = request.headers.authorization === `Bearer ${tokens.at(-1)}`;
    if (mood === 'wants another token' || !bearer) {
      return json(response, 401, { error: fcmError(401, 'UNAUTHENTICATED') });
    }
    if (typeof mood === 'object') {
      const after = defined({ 'retry-after': mood.retryAfter });
      return json(response, mood.status, { error: mood.error }, after);
    }
    if (request.url !== '/v1/projects/chat-1/messages:send') {
      return json(response, 404, { error: fcmError(404, 'NOT_FOUND') });
    }
    const { message } = JSON.parse(body.toString()) as { message: { [field: string]: unknown } };
    messages.push(message);
    json(response, 200, { name: `projects/chat-1/messages/${messages.length}` });
  });
  account.token_uri = `${server.url}/token`;
  return { ...server, account, moods, messages, tokens, tokenMoods };
}
