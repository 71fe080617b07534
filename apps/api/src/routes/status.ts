import { withDeadline } from '@chasqui/kit';
import { notReadyEngines } from '@chasqui/ports';
import Type from 'typebox';
import { isThere } from '../attachments/scanner-health.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problems } from '../http/schemas.ts';

const Readiness = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('degraded'), Type.Literal('not ready')]),
  missing: Type.Array(Type.String(), { description: 'The engines that do not answer.' }),
  degraded: Type.Optional(
    Type.Array(Type.String(), { description: 'Problems although all engines answer, such as stalled shards.' }),
  ),
});

/** Health, readiness and metrics, for the supervisor of the process. */
export function status(app: ApiServer, context: ApiContext): void {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'health',
        tags: ['server'],
        summary: 'Whether the process is running',
        response: {
          200: Type.Object({ status: Type.Literal('ok') }, { description: 'It is running.' }),
          ...problems(400),
        },
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
        summary: 'Whether every engine answers',
        response: {
          200: { ...Readiness, description: 'All engines answer.' },
          503: { ...Readiness, description: 'Some engines do not answer.' },
          ...problems(400),
        },
      },
    },
    async (_, reply) => {
      const missing = await missingEngines(context);
      const wrong = [...(context.degraded?.() ?? []), ...(await absentScanner(context))];
      const more = wrong.length === 0 ? {} : { degraded: wrong };
      if (missing.length > 0) return reply.code(503).send({ status: 'not ready' as const, missing, ...more });
      return { status: wrong.length === 0 ? ('ready' as const) : ('degraded' as const), missing, ...more };
    },
  );
}

/** What becomes of files while their scanner is away, in words; empty: it is there, or none is set. */
async function absentScanner({ clock, scanner, settings }: ApiContext): Promise<string[]> {
  if (scanner === undefined || (await isThere(scanner, { clock, deadlineMs: settings.pingDeadlineMs }))) return [];
  const then = settings.isScanOptional ? 'pass without a scan' : 'wait';
  return [`the scanner does not answer: files of messages ${then}`];
}

/** The engines that do not answer in time. */
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
