import { once } from 'node:events';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import type { Front } from './front.ts';

interface Call {
  method?: string;
  headers?: { [name: string]: string };
  body?: Buffer | string;
  /** The address of this machine that calls. */
  from?: string;
}

/** A request through a proxy; `path` is relative to where it shows the server. */
export async function call(
  { origin, ca }: Front,
  path: string,
  { method = 'GET', headers = {}, body, from = '127.0.0.1' }: Call = {},
): Promise<{ status: number; body: string }> {
  const request = origin.startsWith('https:') ? tlsRequest : plainRequest;
  const calling = request(new URL(path, origin), { method, headers, localAddress: from, ca, agent: false });
  // A proxy may close the connection after its answer, while the body is still on its way.
  calling.on('error', () => {});
  calling.end(body);
  const [answer] = await once(calling, 'response');
  return { status: answer.statusCode, body: await text(answer) };
}

/** Logs in with a token that is none, and returns the close code. `headers`: as a client may forge them. */
export async function failedLogin({ ca }: Front, wsUrl: string, from: string, headers = {}): Promise<number> {
  const socket = new WebSocket(wsUrl, { localAddress: from, headers, ...(ca === undefined ? {} : { ca }) });
  socket.once('open', () => socket.send(JSON.stringify({ type: 'login', token: 'none', deviceId: 'phone' })));
  const [code] = await once(socket, 'close');
  return code;
}
