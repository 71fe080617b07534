import type { ApiContext, ApiServer } from '../context.ts';

type Observers = Pick<ApiContext, 'clock' | 'metrics' | 'logger' | 'tracing'>;

/**
 * Counts and times every request by its route (never by its URL, which contains user ids) and logs it at debug level.
 */
export function observe(app: ApiServer, { clock, metrics, logger, tracing }: Observers): void {
  const latency = metrics.latency('http_seconds', 'HTTP requests by route and status', ['method', 'route', 'status']);
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request;
    const { url: route = 'none' } = request.routeOptions;
    const { statusCode, elapsedTime } = reply;
    latency.observe({ method, route, status: String(statusCode) }, elapsedTime / 1_000);
    if (tracing !== undefined) {
      const { traceparent } = request.headers;
      const parent = typeof traceparent === 'string' ? traceparent : undefined;
      const at = clock.now() - elapsedTime;
      tracing.begin(`${method} ${route}`, 'server', { parent, at, attributes: { status: statusCode } })?.end();
    }
    logger.debug({ method, route, status: statusCode, ms: Math.round(elapsedTime) }, 'request');
  });
}
