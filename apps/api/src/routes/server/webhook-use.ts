import { findEndpoint, testEvent } from '@chasqui/core';
import { TimeField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { closed } from '../../groups/fields.ts';
import { API_KEY, BODY_PROBLEMS, CHANGE_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { bodyOf, ServerEventBody } from '../../server/event-body.ts';
import { endpointParams, hooksAudited, noSuchEndpoint } from '../../server/webhook-fields.ts';

const MAX_LETTERS = 100;
const PositionField = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

const DeadLetter = Type.Object(
  {
    position: { ...PositionField, description: 'Its place in the log of events; names it in calls.' },
    event: ServerEventBody,
    error: Type.String({ description: 'Why its last request failed.' }),
    at: { ...TimeField, description: 'When it was given up.' },
  },
  { description: 'An event that an endpoint did not take.' },
);

/** What an endpoint is sent: a test event, and dead letters once more. */
export function webhookUse(app: ApiServer, context: ApiContext): void {
  const { webhooks: store, serverEvents, clock } = context;
  const common = { tags: ['server-api'], security: API_KEY, params: endpointParams };
  const config = { scope: 'hooks:manage' } as const;

  async function mustExist(endpointId: string): Promise<void> {
    if ((await findEndpoint(store, endpointId)) === undefined) throw noSuchEndpoint();
  }

  app.post(
    '/api/server/webhooks/:endpointId/test',
    {
      config,
      schema: {
        operationId: 'testWebhook',
        summary: 'Send an event of the type `webhook.test` to an endpoint',
        description: 'The list of endpoints tells whether it was taken.',
        ...common,
        response: {
          200: Type.Object({ eventId: Type.String() }, { description: 'It is on its way.' }),
          ...problems(...SERVER_PROBLEMS, ...CHANGE_PROBLEMS, 404),
        },
      },
    },
    async ({ params: { endpointId } }) => {
      await mustExist(endpointId);
      const now = clock.now();
      const event = testEvent(endpointId, now);
      await serverEvents.append([event], now);
      return { eventId: event.id };
    },
  );
  app.get(
    '/api/server/webhooks/:endpointId/dead-letters',
    {
      config,
      schema: {
        operationId: 'readDeadLetters',
        summary: 'The events that an endpoint did not take, the oldest first',
        ...common,
        querystring: Type.Object(
          {
            after: Type.Optional(
              Type.Integer({
                ...{ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 },
                description: 'The position of the last one of the page before.',
              }),
            ),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LETTERS, default: 50 })),
          },
          closed,
        ),
        response: {
          200: Type.Object({ deadLetters: Type.Array(DeadLetter) }, { description: 'The last page is not full.' }),
          ...problems(...SERVER_PROBLEMS, 404),
        },
      },
    },
    async ({ params: { endpointId }, query: { after = 0, limit = 50 } }) => {
      await mustExist(endpointId);
      const letters = await store.deadLetters(endpointId, { after, limit });
      return { deadLetters: letters.map(({ event, ...rest }) => ({ ...rest, event: bodyOf(event) })) };
    },
  );
  app.post(
    '/api/server/webhooks/:endpointId/replay',
    {
      config,
      schema: {
        operationId: 'replayDeadLetters',
        summary: 'Send dead letters of an endpoint again',
        description: 'Without their places in the order. What fails once more stays a dead letter.',
        ...common,
        body: Type.Object(
          {
            positions: Type.Optional(
              Type.Array(PositionField, { minItems: 1, maxItems: MAX_LETTERS, description: 'Absent: all of them.' }),
            ),
          },
          { ...closed, examples: [{ positions: [17] }] },
        ),
        response: {
          200: Type.Object(
            { count: Type.Integer({ minimum: 0 }) },
            { description: 'How many are sent again, without those that are already being sent.' },
          ),
          ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS, 404),
        },
      },
    },
    async ({ apiKey: { keyId }, params: { endpointId }, body: { positions } }) => {
      await mustExist(endpointId);
      const replay = () => store.replay(endpointId, positions ?? 'all');
      return { count: await hooksAudited(context, keyId, endpointId, replay) };
    },
  );
}
