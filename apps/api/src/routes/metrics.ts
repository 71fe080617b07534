import { withDeadline } from '@chasqui/kit';
import type { ApiContext, ApiServer } from '../context.ts';
import { problems } from '../http/schemas.ts';
import type { WatchedGroup } from '../settings.ts';

/** Dead letters are counted up to this number. */
const MAX_COUNTED = 1_000;

interface Backlog {
  waiting: number;
  oldestMs: number;
  deadLetters: number;
}

/** The process's metrics, and the lag of the bus's consumers. An unavailable figure is NaN. */
export function metrics(app: ApiServer, context: ApiContext): void {
  const backlogs = context.settings.watchedGroups.map((group) => watchBacklog(context, group));
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
      await Promise.all(backlogs.map((read) => read()));
      const { contentType, body } = await context.metrics.expose();
      return reply.type(contentType).send(body);
    },
  );
}

/** Registers three gauges for one group; the returned function refreshes them. */
function watchBacklog(
  { bus, clock, settings, metrics }: ApiContext,
  { topic, group }: WatchedGroup,
): () => Promise<void> {
  const unknown: Backlog = { waiting: Number.NaN, oldestMs: Number.NaN, deadLetters: Number.NaN };
  let backlog = unknown;
  const name = `bus_${`${topic}_${group}`.replaceAll(/[^a-z0-9]+/gi, '_')}`;
  const of = `by ${group} on ${topic}`;
  metrics.gauge(`${name}_waiting`, `Bus messages not yet done ${of}`, () => backlog.waiting);
  metrics.gauge(
    `${name}_oldest_seconds`,
    `Age of the oldest bus message not yet done ${of}`,
    () => backlog.oldestMs / 1_000,
  );
  metrics.gauge(`${name}_dead_letters`, `Dead letters kept ${of}, at most ${MAX_COUNTED}`, () => backlog.deadLetters);
  const read = async (): Promise<Backlog> => {
    const [lags, dead] = await Promise.all([bus.lag(topic, group), bus.deadLetters(topic, group, MAX_COUNTED)]);
    return {
      waiting: lags.reduce((sum, { waiting }) => sum + waiting, 0),
      oldestMs: Math.max(0, ...lags.map(({ oldestMs }) => oldestMs)),
      deadLetters: dead.length,
    };
  };
  return async () => {
    backlog = await withDeadline(clock, settings.pingDeadlineMs, read()).catch(() => unknown);
  };
}
