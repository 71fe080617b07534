import { randomBytes } from 'node:crypto';
import { changedEndpoint, changeEndpoint, ROTATION_MS, rotated } from '@chasqui/core';
import { defined, type WebhookEndpoint } from '@chasqui/domain';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { closed } from '../../groups/fields.ts';
import { API_KEY, BODY_PROBLEMS, CHANGE_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import {
  Endpoint,
  endpointBody,
  endpointFields,
  endpointParams,
  hooksAudited,
  noSuchEndpoint,
  SecretField,
} from '../../server/webhook-fields.ts';

const HOUR_MS = 3600 * 1000;

/** One webhook endpoint: changes it, its secret, and removes it. */
export function webhook(app: ApiServer, context: ApiContext): void {
  const { webhooks: store, clock, settings } = context;
  const common = { tags: ['server-api'], security: API_KEY };
  const config = { scope: 'hooks:manage' } as const;

  const change = (keyId: string, endpointId: string, make: (endpoint: WebhookEndpoint) => WebhookEndpoint) =>
    hooksAudited(context, keyId, endpointId, async () => {
      const changed = await changeEndpoint(store, endpointId, make);
      if (changed === undefined) throw noSuchEndpoint();
      return changed;
    });

  app.patch(
    '/api/server/webhooks/:endpointId',
    {
      config,
      schema: {
        operationId: 'changeWebhook',
        summary: 'Change a webhook endpoint',
        description:
          'Absent fields stay as they are. A disabled endpoint keeps its place for as long as the log has the events.',
        ...common,
        params: endpointParams,
        body: Type.Object(
          {
            ...{ ...endpointFields, url: Type.Optional(endpointFields.url) },
            disabled: Type.Optional(Type.Boolean({ description: 'Whether it is told of nothing.' })),
          },
          { ...closed, examples: [{ disabled: true }] },
        ),
        response: { 200: Endpoint, ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS, 404, 422) },
      },
    },
    async ({
      apiKey: { keyId },
      params: { endpointId },
      body: { url, types, description, retryMinutes, disabled },
    }) => {
      const asked = defined({ url, types, description, retryMinutes, disabled });
      const make = (endpoint: WebhookEndpoint) => changedEndpoint(endpoint, asked, settings.webhooks, clock.now());
      return endpointBody(await change(keyId, endpointId, make));
    },
  );
  app.post(
    '/api/server/webhooks/:endpointId/rotate',
    {
      config,
      schema: {
        operationId: 'rotateWebhook',
        summary: 'Give a webhook endpoint another secret',
        description: 'The former secrets sign beside it for a while, so that the receiver can change over.',
        ...common,
        params: endpointParams,
        body: Type.Object(
          {
            hours: Type.Optional(
              Type.Integer({
                ...{ minimum: 0, maximum: 720, default: ROTATION_MS / HOUR_MS },
                description: 'For how long former secrets sign.',
              }),
            ),
          },
          { ...closed, examples: [{ hours: 24 }] },
        ),
        response: {
          200: Type.Object({ secret: SecretField }, { description: 'The new secret.' }),
          ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS, 404),
        },
      },
    },
    async ({ apiKey: { keyId }, params: { endpointId }, body: { hours = ROTATION_MS / HOUR_MS } }) => {
      const make = (endpoint: WebhookEndpoint) => rotated(endpoint, hours * HOUR_MS, { now: clock.now(), randomBytes });
      const { secrets } = await change(keyId, endpointId, make);
      return { secret: secrets[0]?.secret ?? '' };
    },
  );
  app.delete(
    '/api/server/webhooks/:endpointId',
    {
      config,
      schema: {
        operationId: 'deleteWebhook',
        summary: 'Remove a webhook endpoint, with its dead letters',
        ...common,
        params: endpointParams,
        response: {
          204: Type.Null({ description: 'Removed.' }),
          ...problems(...SERVER_PROBLEMS, ...CHANGE_PROBLEMS, 404),
        },
      },
    },
    async ({ apiKey: { keyId }, params: { endpointId } }, reply) => {
      await hooksAudited(context, keyId, endpointId, async () => {
        if (!(await store.remove(endpointId))) throw noSuchEndpoint();
      });
      return reply.code(204).send(null);
    },
  );
}
