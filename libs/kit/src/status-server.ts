import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ImError } from '@chasqui/domain';
import type { Metrics } from './metrics.ts';

export interface StatusOptions {
  metrics: Metrics;
  /** Empty: ready. Otherwise names what is not. */
  notReady: () => string[] | Promise<string[]>;
  /** Problems that are not the process's fault, so that removing or restarting it would not help. Default: none. */
  degraded?: () => string[];
}

export interface StatusAnswer {
  status: number;
  contentType: string;
  body: string;
}

/**
 * `/healthz` (the process runs), `/readyz` (it can work, or what it lacks), `/metrics`. Null: another path. A degraded
 * process answers 200: readiness decides on traffic and on rollouts, and the version that fixes the problem must be
 * able to roll out.
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

/**
 * Callers (a load balancer, Prometheus) send one short request at once. Timeouts in ms: for the headers, for the
 * request, and between requests.
 */
const TIMES = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
/** Maximum number of open sockets of a status port: further ones are closed at once. */
const MAX_SOCKETS = 256;

/** What helps where a port cannot be listened on. */
export const OTHER_PORT =
  'Choose another: --port of npm start and npm run cluster, or CHASQUI_PORT and the other *_PORT of a process of its own';

/**
 * The status routes on a separate port, for apps without another HTTP server. Port 0: any free port. Errors:
 * `config_invalid`, naming the port, if it cannot be bound.
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
        new ImError(
          'config_invalid',
          `cannot listen on ${place} for health and metrics: ${error.message}. ${OTHER_PORT}`,
          {},
          error,
        ),
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
