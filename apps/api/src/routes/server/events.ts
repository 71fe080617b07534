import { ImError, SERVER_EVENT_TYPES } from '@chasqui/domain';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { mustStillHold } from '../../http/api-keys.ts';
import { API_KEY, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { bodyOf, ServerEventBody } from '../../server/event-body.ts';
import { MAX_EVENTS, pullEvents } from '../../server/event-pull.ts';

/** The longest that a call may wait for events, in s, and what it may take besides, in ms. */
const MAX_WAIT_S = 30;
const ANSWER_MS = 10_000;
/** Calls of one process that wait for events side by side. More: `overloaded`. */
const MAX_WAITING = 100;

export function events(app: ApiServer, context: ApiContext): void {
  let waiting = 0;
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());
  app.get(
    '/api/server/events',
    {
      handlerTimeout: MAX_WAIT_S * 1_000 + ANSWER_MS,
      config: { scope: 'events:read' },
      schema: {
        operationId: 'readServerEvents',
        tags: ['server-api'],
        summary: 'Server events, in their order',
        description:
          'The first call, without `after`, has no events and a cursor: later calls get what happened since then. A cursor is valid for a week without calls, at most for as long as the log keeps events. An answer without events may have another cursor: go on from it.',
        security: API_KEY,
        querystring: Type.Object(
          {
            after: Type.Optional(Type.String({ maxLength: 80, description: 'The cursor of the call before.' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_EVENTS, default: 100 })),
            types: Type.Optional(
              Type.String({ maxLength: 500, description: 'Only events of these types, separated by commas.' }),
            ),
            wait: Type.Optional(
              Type.Integer({
                ...{ minimum: 0, maximum: MAX_WAIT_S, default: 0 },
                description: 'Seconds to wait for an event.',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            { events: Type.Array(ServerEventBody), cursor: Type.String() },
            { description: 'The next events.' },
          ),
          ...problems(...SERVER_PROBLEMS, 410),
        },
      },
    },
    async (request) => {
      const { after, limit = 100, types, wait = 0 } = request.query;
      const wanted = types === undefined ? null : typesIn(types);
      const waitMs = after === undefined ? 0 : wait * 1_000;
      if (waitMs > 0 && waiting >= MAX_WAITING) {
        throw new ImError('overloaded', 'too many calls wait for events here', { retryAfterMs: 1_000 });
      }
      if (waitMs > 0) waiting++;
      try {
        const signal = AbortSignal.any([request.signal, stopping.signal]);
        const mayHave = () => mustStillHold(context, request);
        const { events, cursor } = await pullEvents(context, { after, limit, types: wanted, waitMs, signal, mayHave });
        return { events: events.map(bodyOf), cursor };
      } finally {
        if (waitMs > 0) waiting--;
      }
    },
  );
}

/** Errors: `invalid_request`. */
function typesIn(text: string): ReadonlySet<string> {
  const types = text.split(',').map((type) => type.trim());
  if (types.every((type) => SERVER_EVENT_TYPES.some((known) => known === type))) return new Set(types);
  throw new ImError('invalid_request', `types must be some of ${SERVER_EVENT_TYPES.join(', ')}`, { field: 'types' });
}
