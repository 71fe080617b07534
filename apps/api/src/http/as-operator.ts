import { SYSTEM_USER, type UserId } from '@chasqui/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext, ApiServer } from '../context.ts';
import { callOf, mountedAt, type UserRoute } from './mounted-at.ts';
import { BEARER, problems } from './schemas.ts';

/** By the ids of the operations of users. */
export type OperatorRoutes = { readonly [operationId: string]: { summary: string; description?: string } };

/**
 * A server on which the given routes of users, `/api/…`, become routes of administrators, `/api/admin/…`: they act as the
 * system, and each call is written to the audit log before it is done. Other routes are left out.
 */
export function asOperator(
  app: ApiServer,
  { auditTrail }: Pick<ApiContext, 'auditTrail'>,
  routes: OperatorRoutes,
): ApiServer {
  return mountedAt(app, 'admin', ({ id, method, schema, handler }) => {
    const texts = routes[id];
    if (texts === undefined) return undefined;
    const action = method === 'GET' ? 'read_group' : 'change_group';
    return {
      schema: operatorSchema(schema, texts),
      handler: (request: FastifyRequest, reply: FastifyReply) => {
        const act = { actor: request.userId, action, target: targetOf(request), detail: callOf(request) } as const;
        return auditTrail.record(act, async () => {
          request.userId = SYSTEM_USER;
          return handler(request, reply);
        });
      },
    };
  });
}

function operatorSchema({ description: _, ...schema }: UserRoute['schema'], texts: OperatorRoutes[string]) {
  const response = { ...schema.response, ...problems(403, 404, 429) };
  return { ...schema, ...texts, tags: ['admin'], security: BEARER, response };
}

/** The user whom a call affects, by its path or its body; empty: no particular one. */
function targetOf({ params, body }: FastifyRequest): UserId {
  const { userId = '' } = { ...(body as object | undefined), ...(params as object) } as { userId?: UserId };
  return userId;
}
