import { randomBytes } from 'node:crypto';
import { endpointState, newEndpoint } from '@chasqui/core';
import { ImError } from '@chasqui/domain';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { closed } from '../../groups/fields.ts';
import { API_KEY, BODY_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import {
  endpointBody,
  endpointBodyFields,
  endpointFields,
  hooksAudited,
  SecretField,
  ServedEndpoint,
  servedBody,
} from '../../server/webhook-fields.ts';

const EXAMPLE = { url: 'https://shop.example/hook', types: ['message.stored' as const] };

/** The webhook endpoints themselves: adds and lists them, as `chasqui hooks` does. */
export function webhooks(app: ApiServer, context: ApiContext): void {
  const { webhooks: store, serverEvents, clock, settings } = context;
  const common = { tags: ['server-api'], security: API_KEY };
  const config = { scope: 'hooks:manage' } as const;

  app.post(
    '/api/server/webhooks',
    {
      config,
      schema: {
        operationId: 'createWebhook',
        summary: 'Add a webhook endpoint',
        description: 'It gets what happens from then on; the first events up to 5 s later.',
        ...common,
        body: Type.Object(endpointFields, { ...closed, examples: [EXAMPLE] }),
        response: {
          201: Type.Object({ ...endpointBodyFields, secret: SecretField }, { description: 'The endpoint.' }),
          ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS, 409, 422),
        },
      },
    },
    async ({ apiKey: { keyId }, body: { url, types = [], description = '', retryMinutes } }, reply) => {
      const made = { now: clock.now(), randomBytes };
      const endpoint = newEndpoint({ url, types, description, retryMinutes }, settings.webhooks, made);
      const { endpointId, secrets } = endpoint;
      await hooksAudited(context, keyId, endpointId, async () => {
        if (await store.put(endpoint)) return;
        throw new ImError('limit_reached', 'there are too many webhook endpoints: remove one');
      });
      return reply.code(201).send({ ...endpointBody(endpoint), secret: secrets[0]?.secret ?? '' });
    },
  );
  app.get(
    '/api/server/webhooks',
    {
      config,
      schema: {
        operationId: 'listWebhooks',
        summary: 'The webhook endpoints, and how each is served',
        ...common,
        response: {
          200: Type.Object({ webhooks: Type.Array(ServedEndpoint) }, { description: 'All, the oldest first.' }),
          ...problems(...SERVER_PROBLEMS),
        },
      },
    },
    async () => {
      const [{ head }, found] = await Promise.all([serverEvents.state(), store.list()]);
      const bodies = found.map(async ({ endpoint }) => {
        const { endpointId } = endpoint;
        const [progress, letters] = await Promise.all([
          store.progress(endpointId),
          store.deadLetters(endpointId, { after: 0, limit: 1 }),
        ]);
        return servedBody(endpoint, endpointState(progress, head), letters.length > 0);
      });
      return { webhooks: await Promise.all(bodies) };
    },
  );
}
