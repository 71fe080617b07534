import { ImError, SYSTEM_USER, type UserId } from '@chasqui/domain';
import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, problems } from './schemas.ts';

interface Options {
  schema: FastifySchema & { operationId: string; response: object };
}
type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;
/** Its id, with `admin` before it, names the operation for administrators. */
export type OperatorRoutes = { readonly [operationId: string]: { summary: string; description?: string } };

/**
 * A server on which the given routes of users, `/api/…`, become routes of administrators, `/api/admin/…`: they act as the
 * system, and each call is written to the audit log before it is done. Other routes are left out.
 */
export function asOperator(app: ApiServer, { auditTrail }: Pick<ApiContext, 'auditTrail'>, routes: OperatorRoutes) {
  const adder =
    (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE') =>
    (url: string, { schema }: Options, handler: Handler): void => {
      const texts = routes[schema.operationId];
      if (texts === undefined) return;
      app.route({
        method,
        url: url.replace('/api/', '/api/admin/'),
        schema: operatorSchema(schema, texts),
        async handler(request: FastifyRequest, reply: FastifyReply) {
          const actor = request.userId;
          const action = method === 'GET' ? 'read_group' : 'change_group';
          const detail = `${method} ${request.url.split('?')[0]}`;
          return auditTrail.record({ actor, action, target: targetOf(request), detail }, async () => {
            request.userId = SYSTEM_USER;
            try {
              return await handler(request, reply);
            } catch (error) {
              throw asSystem(error);
            }
          });
        },
      } as Parameters<ApiServer['route']>[0]);
    };
  const added = { get: adder('GET'), post: adder('POST'), put: adder('PUT') };
  return { ...added, patch: adder('PATCH'), delete: adder('DELETE') } as unknown as ApiServer;
}

function operatorSchema({ description: _, ...schema }: Options['schema'], texts: OperatorRoutes[string]) {
  const { operationId, response } = schema;
  return {
    ...schema,
    ...texts,
    operationId: `admin${operationId[0]?.toUpperCase()}${operationId.slice(1)}`,
    tags: ['admin'],
    security: BEARER,
    response: { ...response, ...problems(403, 404, 429) },
  };
}

/** The user whom a call affects, by its path or its body; empty: no particular one. */
function targetOf({ params, body }: FastifyRequest): UserId {
  const { userId = '' } = { ...(body as object | undefined), ...(params as object) } as { userId?: UserId };
  return userId;
}

/** The system may do everything in every group: what it is no member of does not exist. */
function asSystem(error: unknown): ImError {
  const known = ImError.from(error);
  if (known.code !== 'not_a_member') return known;
  return new ImError('not_found', 'there is no such group', { field: 'conversationId' });
}
