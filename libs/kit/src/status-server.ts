import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ImError } from '@chasqui/domain';
import type { Metrics } from './metrics.ts';

export interface StatusOptions {
  metrics: Metrics;
  /** Empty when ready, else what is not. */
  notReady: () => string[] | Promise<string[]>;
  /** What goes wrong without the process being at fault, so that taking it away or ending it would not help. Default: nothing. */
  degraded?: () => string[];
}

export interface StatusAnswer {
  status: number;
  contentType: string;
  body: string;
}

/**
 * `/healthz` (the process runs), `/readyz` (it can do its work, or what it lacks), `/metrics`. Null: another path. What is
 * degraded is told with 200: readiness decides on traffic and on rollouts, and the version that mends it must get through.
 */
export async function answerStatus(
  path: string,
  { metrics, notReady, degraded = () => [] }: StatusOptions,
): Promise<StatusAnswer | null> {
  if (path === '/healthz') return json(200, { status: 'ok' });
  if (path === '/readyz') {
    return readiness(await notReady(), degraded());
  }
  if (path === '/metrics') return { status: 200, ...(await metrics.expose()) };
  return null;
}

function readiness(missing: string[], degraded: string[]): StatusAnswer {
  const more = degraded.length === 0 ? {} : { degraded };
  if (missing.length > 0) return json(503, { status: 'not ready', missing, ...more });
  return json(200, { status: degraded.length === 0 ? 'ready' : 'degraded', missing, ...more });
}

function json(status: number, value: object): StatusAnswer {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

/** Whoever asks (a load balancer, Prometheus) sends one short request at once: ms for its head and its whole, and between two. */
const TIMES = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
/** Open sockets of a status port: more are closed as they come. */
const MAX_SOCKETS = 256;

/**
 * The status routes on a port of their own, for apps without another HTTP server. Port 0: a free one. Errors:
 * `config_invalid` naming the port when it cannot be had.
 */
export async function createStatusServer(
  options: StatusOptions & { host: string; port: number },
): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer(TIMES, (request, response) => {
    answerStatus((request.url ?? '/').split('?')[0] ?? '/', options).then(
      (answer) => {
        const { status, contentType, body } = answer ?? { status: 404, contentType: 'text/plain', body: 'not found\n' };
        response.writeHead(status, { 'content-type': contentType }).end(body);
      },
      () => response.writeHead(500).end(),
    );
  });
  server.maxConnections = MAX_SOCKETS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const place = `${options.host}:${options.port}`;
      reject(
        new ImError('config_invalid', `cannot listen on ${place} for health and metrics: ${error.message}`, {}, error),
      );
    });
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
