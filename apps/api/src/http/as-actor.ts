import { type ApiScope, SYSTEM_USER, type UserId } from '@chasqui/domain';
import { UserIdField } from '@chasqui/protocol';
import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { API_KEY, problems } from './schemas.ts';

const ACTOR_HEADER = 'chasqui-actor';
const ActorField = {
  ...UserIdField,
  description: 'The user as whom the call is made. Absent: the system, which is in no group and may do everything.',
};

interface Schema extends FastifySchema {
  operationId: string;
  description?: string;
  headers?: { properties: object };
  response: object;
}
interface Options {
  schema: Schema;
  bodyLimit?: number;
}
type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/**
 * A server on which routes of users, `/api/…`, become routes of the server API, `/api/server/…`: called with a key of
 * the given scope, as the user in `chasqui-actor` or as the system. Changes are written to the audit log.
 */
export function asActor(app: ApiServer, context: ApiContext, scopes: { read: ApiScope; write?: ApiScope }): ApiServer {
  const adder =
    (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE') =>
    (url: string, options: Options, handler: Handler): void => {
      const scope = method === 'GET' ? scopes.read : (scopes.write ?? scopes.read);
      app.route({
        ...options,
        method,
        url: url.replace('/api/', '/api/server/'),
        config: { scope },
        schema: serverSchema(options.schema),
        // After the header was checked.
        preHandler: async (request: FastifyRequest) => {
          request.userId = (request.headers[ACTOR_HEADER] as UserId | undefined) ?? SYSTEM_USER;
        },
        handler: (request: FastifyRequest, reply: FastifyReply) =>
          method === 'GET' ? handler(request, reply) : audited(context, request, () => handler(request, reply)),
      } as Parameters<ApiServer['route']>[0]);
    };
  const routes = { get: adder('GET'), post: adder('POST'), put: adder('PUT') };
  return { ...routes, patch: adder('PATCH'), delete: adder('DELETE') } as unknown as ApiServer;
}

function serverSchema(schema: Schema): Schema & { security: object } {
  const { operationId, description, headers, response } = schema;
  return {
    ...schema,
    operationId: `server${operationId[0]?.toUpperCase()}${operationId.slice(1)}`,
    ...(description === undefined ? {} : { description }),
    tags: ['server-api'],
    security: API_KEY,
    headers: Type.Object({ ...headers?.properties, [ACTOR_HEADER]: Type.Optional(ActorField) }),
    response: { ...response, ...problems(403, 429) },
  } as Schema & { security: object };
}

function audited({ auditTrail }: ApiContext, request: FastifyRequest, work: () => unknown): Promise<unknown> {
  const { apiKey, method, url, userId } = request;
  const detail = `${method} ${url.split('?')[0]} as ${userId}`;
  const act = { actor: `key:${apiKey.keyId}`, action: 'change_group', target: '', detail } as const;
  return auditTrail.record(act, async () => work());
}
