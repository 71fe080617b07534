import { withDeadline } from '@chasqui/kit';
import { notReadyEngines } from '@chasqui/ports';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { problems } from '../http/schemas.ts';

const Readiness = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('degraded'), Type.Literal('not ready')]),
  missing: Type.Array(Type.String(), { description: 'The engines that do not answer.' }),
  degraded: Type.Optional(
    Type.Array(Type.String(), { description: 'What goes wrong though all engines answer: shards that do not move.' }),
  ),
});

/** Health, readiness and metrics, for whatever supervises the process. */
export function status(app: ApiServer, context: ApiContext): void {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'health',
        tags: ['server'],
        summary: 'The process runs',
        response: { 200: Type.Object({ status: Type.Literal('ok') }, { description: 'It does.' }), ...problems(400) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readiness',
        tags: ['server'],
        summary: 'Every engine answers, or which do not',
        response: {
          200: { ...Readiness, description: 'All of them answer.' },
          503: { ...Readiness, description: 'Some do not.' },
          ...problems(400),
        },
      },
    },
    async (_, reply) => {
      const missing = await missingEngines(context);
      const wrong = context.degraded?.() ?? [];
      const more = wrong.length === 0 ? {} : { degraded: wrong };
      if (missing.length > 0) return reply.code(503).send({ status: 'not ready' as const, missing, ...more });
      return { status: wrong.length === 0 ? ('ready' as const) : ('degraded' as const), missing, ...more };
    },
  );
}

/** The engines that do not answer shortly. */
function missingEngines({ clock, settings, ...engines }: ApiContext): Promise<string[]> {
  const { bus, conversations, logs, messages, search, users, nodes, blobs } = engines;
  const inTime = (ping: () => Promise<unknown>) => ({
    ping: async () => void (await withDeadline(clock, settings.pingDeadlineMs, ping())),
  });
  return notReadyEngines({
    bus: inTime(() => bus.ping()),
    sessions: inTime(() => conversations.ping()),
    inboxes: inTime(() => logs.ping()),
    messages: inTime(() => messages.ping()),
    search: inTime(() => search.ping()),
    users: inTime(() => users.ping()),
    nodes: inTime(() => nodes.live()),
    blobs: inTime(() => blobs.ping()),
  });
}
