import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { ApiServer } from '../context.ts';
import { SHARED_SCHEMAS } from './schemas.ts';
import { withInlineStyles } from './security.ts';

/** The OpenAPI document at /api/docs/json, made from the very schemas that check requests, and its page at /api/docs. */
export async function describeApi(app: ApiServer): Promise<void> {
  for (const [name, schema] of Object.entries(SHARED_SCHEMAS)) app.addSchema({ ...schema, $id: name });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Chasqui HTTP API',
        version: '1',
        description:
          'Log-in, conversations, history, search, unread counts, traces, people, moments and devices. Messages are sent and received over the WebSocket of a Connect node: `GET /api/nodes` says where.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'auth', description: 'Tokens; off where the host application issues them.' },
        { name: 'messages', description: 'Conversations, history, search, sync.' },
        { name: 'users', description: 'Who is who.' },
        { name: 'people', description: 'Contacts and blocks.' },
        { name: 'moments', description: 'Posts for contacts, and what they say about them.' },
        { name: 'devices', description: 'Sessions, and how devices are told while they are away.' },
        {
          name: 'admin',
          description: 'For operators: the users that `CHASQUI_ADMINS` names. Everything done is in the audit log.',
        },
        { name: 'server', description: 'Where to connect, and how the server is.' },
      ],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    hideUntagged: true,
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, i) => (typeof $id === 'string' ? $id : `schema${i}`),
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    // Its badge would tell a foreign server where this one is.
    uiConfig: { validatorUrl: null },
    transformStaticCSP: withInlineStyles,
  });
}
