import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { ApiServer } from '../context.ts';

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Options {
  schema: FastifySchema & { operationId: string; response: object };
  bodyLimit?: number;
  config?: object;
}

/** A route of users, as it is added. */
export interface UserRoute extends Options {
  /** The id of the operation of users. */
  id: string;
  method: Method;
  handler(request: FastifyRequest, reply: FastifyReply): unknown;
}

/**
 * A server on which routes of users, `/api/…`, become routes at `/api/<place>/…`, whose operations have the place before
 * their ids; `change` makes the rest of each. Those that it returns undefined for are left out.
 */
export function mountedAt(
  app: ApiServer,
  place: 'server' | 'admin',
  change: (route: UserRoute) => (object & { config?: object }) | undefined,
): ApiServer {
  const adder =
    (method: Method) =>
    (url: string, { schema, ...options }: Options, handler: UserRoute['handler']): void => {
      const { operationId } = schema;
      const own = { ...schema, operationId: `${place}${operationId[0]?.toUpperCase()}${operationId.slice(1)}` };
      const changed = change({ ...options, id: operationId, method, handler, schema: own });
      if (changed === undefined) return;
      const at = {
        method,
        url: url.replace('/api/', `/api/${place}/`),
        config: { ...options.config, ...changed.config },
      };
      app.route({ ...options, ...changed, ...at } as Parameters<ApiServer['route']>[0]);
    };
  const added = { get: adder('GET'), head: adder('HEAD'), post: adder('POST'), put: adder('PUT') };
  // All else, such as hooks and parsers of bodies, is that of the server itself.
  return Object.assign(Object.create(app), { ...added, patch: adder('PATCH'), delete: adder('DELETE') }) as ApiServer;
}

/** What the audit log says of a call: its method and its path. */
export function callOf({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): string {
  return `${method} ${url.split('?')[0]}`;
}
