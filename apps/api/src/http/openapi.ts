import { protocolDocument } from '@chasqui/protocol/schema-document';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { ApiServer } from '../context.ts';
import { addExamples } from './examples.ts';
import { SHARED_SCHEMAS } from './schemas.ts';
import { withInlineStyles } from './security.ts';

/**
 * Serves the OpenAPI document at /api/docs/json, made from the schemas that check requests, its page at /api/docs, and the
 * AsyncAPI document of the WebSocket protocol at /api/docs/asyncapi.json.
 */
export async function describeApi(app: ApiServer): Promise<void> {
  for (const [name, schema] of Object.entries(SHARED_SCHEMAS)) app.addSchema({ ...schema, $id: name });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Chasqui HTTP API',
        version: '1',
        description:
          'Login, conversations, groups, history, search, unread counts, traces, people, moments and devices. Messages are sent and received over the WebSocket of a Connect node; `GET /api/nodes` lists the nodes.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'The server that has this document.' }],
      tags: [
        { name: 'auth', description: 'Tokens; disabled if the host application issues them.' },
        { name: 'messages', description: 'Conversations, history, search, sync.' },
        { name: 'groups', description: 'Groups, their members, links and requests.' },
        { name: 'users', description: 'Profiles and user search.' },
        { name: 'people', description: 'Contacts and blocks.' },
        { name: 'moments', description: 'Posts for contacts, with likes and comments.' },
        { name: 'attachments', description: 'Files of messages: resumable uploads and downloads.' },
        { name: 'devices', description: 'Devices and their push registrations.' },
        {
          name: 'admin',
          description: 'For the users in `CHASQUI_ADMINS`. Every change is in the audit log.',
        },
        {
          name: 'server-api',
          description: 'For the back end of a host application, with an API key. Every change is in the audit log.',
        },
        { name: 'server', description: 'Nodes, health and metrics.' },
      ],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'ck_…',
            description: 'A key of the server API, from `chasqui keys create`.',
          },
        },
      },
    },
    hideUntagged: true,
    // Open routes say so, as a client generator would otherwise have to guess.
    transform: ({ schema, url }) => ({ schema: { security: [], ...schema }, url }),
    transformObject: (document) => {
      if ('openapiObject' in document) addExamples(document.openapiObject as Parameters<typeof addExamples>[0]);
      return 'openapiObject' in document ? document.openapiObject : document.swaggerObject;
    },
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, i) => (typeof $id === 'string' ? $id : `schema${i}`),
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    theme: { title: 'Chasqui HTTP API' },
    // The badge would send this server's URL to a third party.
    uiConfig: { validatorUrl: null },
    transformStaticCSP: withInlineStyles,
    uiHooks: {
      // Only below a slash are the page's URLs relative, so that a proxy may show it below a path.
      onRequest: (request, reply, next) => {
        if (/^\/api\/docs(\?|$)/.test(request.url)) reply.redirect('./docs/');
        else next();
      },
    },
  });
  const asyncApi = protocolDocument();
  app.get('/api/docs/asyncapi.json', { schema: { hide: true } }, () => asyncApi);
}
