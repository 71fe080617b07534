import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { S3Config } from '../config.ts';
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
  objects: Map<string, Buffer>;
  /** The faults of the next requests, one each. */
  troubles: Trouble[];
  requests: string[];
}

export async function startS3Server(deadlineMs = 5_000): Promise<S3Server> {
  const keys = { accessKeyId: 'AKIATEST', secretAccessKey: 'a secret/of+tests', region: 'eu-test-1' };
  const objects = new Map<string, Buffer>();
  const troubles: Trouble[] = [];
  const requests: string[] = [];
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    requests.push(`${request.method} ${request.url}`);
    const { status, delayMs = 0, hangUp = false, cutAfter = null } = troubles.shift() ?? {};
    if (hangUp) return void request.socket.destroy();
    if (delayMs > 0) await pause(delayMs);
    if (status !== undefined) return void response.writeHead(status).end('<Error/>');
    const fault = signatureFault(request, body, keys);
    if (fault !== null) return void response.writeHead(403).end(`<Error><Message>${fault}</Message></Error>`);
    const [, bucket, ...path] = (request.url ?? '').split('/');
    if (bucket !== 'pictures') return void response.writeHead(404).end('<Error>NoSuchBucket</Error>');
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (request.method === 'GET' && range !== null) return void serveRange(path.join('/'), range, response);
    serve(request.method ?? '', path.join('/'), body, response, cutAfter);
  }

  function serveRange(key: string, [, from, to]: RegExpExecArray, response: ServerResponse): void {
    const object = objects.get(key);
    if (object === undefined) return void response.writeHead(404).end('<Error>NoSuchKey</Error>');
    const part = object.subarray(Number(from), Number(to) + 1);
    response.writeHead(206, { 'content-length': part.length }).end(part);
  }

  function serve(method: string, key: string, body: Buffer, response: ServerResponse, cutAfter: number | null): void {
    const object = objects.get(key);
    if (method === 'PUT') objects.set(key, body);
    if (method === 'DELETE') objects.delete(key);
    if (method !== 'GET') return void response.writeHead(method === 'DELETE' ? 204 : 200).end();
    if (object === undefined) return void response.writeHead(404).end('<Error>NoSuchKey</Error>');
    response.writeHead(200, { 'content-length': object.length });
    if (cutAfter === null) return void response.end(object);
    response.write(object.subarray(0, cutAfter), () => response.destroy());
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    config: { endpoint: `http://127.0.0.1:${port}`, bucket: 'pictures', prefix: 'chasqui/', ...keys, deadlineMs },
    objects,
    troubles,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
