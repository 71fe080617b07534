import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { S3Config } from '../config.ts';
import { S3Bucket } from './s3-bucket.ts';
import { signatureFault } from './signature.ts';

/** How the server handles one request instead of serving it. */
export interface Trouble {
  status?: number;
  delayMs?: number;
  hangUp?: boolean;
  /** Bytes of an answer before the connection is cut. */
  cutAfter?: number;
}

/** A bucket behind HTTP that refuses requests without a valid signature. */
export interface S3Server extends AsyncDisposable {
  config: S3Config;
  bucket: S3Bucket;
  /** The faults of the next requests, one each. */
  troubles: Trouble[];
  requests: string[];
}

export async function startS3Server(deadlineMs = 5_000): Promise<S3Server> {
  const keys = { accessKeyId: 'AKIATEST', secretAccessKey: 'a secret/of+tests', region: 'eu-test-1' };
  const bucket = new S3Bucket();
  const troubles: Trouble[] = [];
  const requests: string[] = [];
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    const [path = '', query] = (request.url ?? '').split('?');
    requests.push(`${request.method} ${path}`);
    const { status, delayMs = 0, hangUp = false, cutAfter = null } = troubles.shift() ?? {};
    if (hangUp) return void request.socket.destroy();
    if (delayMs > 0) await pause(delayMs);
    if (status !== undefined) return void response.writeHead(status).end('<Error/>');
    const fault = signatureFault(request, body, keys);
    if (fault !== null) return void response.writeHead(403).end(`<Error><Message>${fault}</Message></Error>`);
    const [, name, ...key] = path.split('/');
    if (name !== 'pictures') return void response.writeHead(404).end('<Error>NoSuchBucket</Error>');
    const { method = '', headers } = request;
    const asked = { method, key: key.join('/'), query: new URLSearchParams(query), body, range: headers.range };
    const answered = bucket.answer(asked);
    response.writeHead(answered.status, answered.headers);
    if (cutAfter === null || !Buffer.isBuffer(answered.body)) return void response.end(answered.body);
    response.write(answered.body.subarray(0, cutAfter), () => response.destroy());
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    config: {
      ...{ endpoint, publicEndpoint: endpoint, linkS: 300 },
      ...{ bucket: 'pictures', prefix: 'chasqui/', ...keys, deadlineMs },
    },
    bucket,
    troubles,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
