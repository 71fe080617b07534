import type { ApiContext, ApiServer } from '../context.ts';

/** Counts and times every request by its route (never by its address, which names users) and logs it at debug. */
export function observe(app: ApiServer, { metrics, logger }: Pick<ApiContext, 'metrics' | 'logger'>): void {
  const latency = metrics.latency('http_seconds', 'HTTP requests by route and status', ['method', 'route', 'status']);
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request;
    const { url: route = 'none' } = request.routeOptions;
    const { statusCode, elapsedTime } = reply;
    latency.observe({ method, route, status: String(statusCode) }, elapsedTime / 1_000);
    logger.debug({ method, route, status: statusCode, ms: Math.round(elapsedTime) }, 'request');
  });
}
