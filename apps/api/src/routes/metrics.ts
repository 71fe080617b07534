import { watchBacklog } from '@chasqui/core';
import { mergeExpositions } from '@chasqui/kit';
import { watchScanner } from '../attachments/scanner-health.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problems } from '../http/schemas.ts';

/** The process's metrics, those of its other apps, and what waits on the bus. */
export function metrics(app: ApiServer, context: ApiContext): void {
  const { bus, settings, otherMetrics = [] } = context;
  const { watchedGroups: groups, pingDeadlineMs: deadlineMs } = settings;
  watchScanner(context.metrics, context.scanner, { clock: context.clock, deadlineMs });
  watchBacklog(context, bus, { groups, deadlineMs, deadLetters: true });
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        tags: ['server'],
        summary: 'Metrics in the Prometheus text format',
        response: {
          200: {
            description: 'One metric per line.',
            content: { 'text/plain': { schema: { type: 'string' } } },
          },
          ...problems(400),
        },
      },
    },
    async (_, reply) => {
      const own = await context.metrics.expose();
      const others = await Promise.all(otherMetrics.map((metrics) => metrics.expose()));
      return reply.type(own.contentType).send(mergeExpositions([own, ...others].map(({ body }) => body)));
    },
  );
}
