import { STATUS_CODES } from 'node:http';
import type { GatewayHandlers } from '@chasqui/ports';

export interface HttpAnswer {
  status: number;
  contentType: string;
  body: string;
}

const plain = (status: number): HttpAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: `${STATUS_CODES[status]}\n`,
});

/** Answers a plain HTTP request on the WebSocket port. Never rejects: a failing handler gives a 500 without details. */
export async function answerHttp(handlers: GatewayHandlers, method: string, path: string): Promise<HttpAnswer> {
  if (method !== 'GET' && method !== 'HEAD') return plain(405);
  try {
    return (await handlers.http(path)) ?? plain(404);
  } catch {
    return plain(500);
  }
}
