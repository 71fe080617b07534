import { ImError } from '@chasqui/domain';
import type { ApiServer } from '../context.ts';
import { httpProblem } from './errors.ts';

/** Records the methods of each API URL. The returned function, called last, makes all other methods answer 405. */
export function noteMethods(app: ApiServer): () => void {
  const allowed = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method, schema }) => {
    if ((schema as { hide?: boolean } | undefined)?.hide) return;
    const methods = allowed.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    allowed.set(url, methods);
  });
  return () => {
    // CORS answers OPTIONS.
    const known = app.supportedMethods.filter((method) => method !== 'OPTIONS');
    for (const [url, methods] of [...allowed]) {
      const allow = [...methods].sort().join(', ');
      app.route({
        url,
        method: known.filter((method) => !methods.has(method)),
        schema: { hide: true },
        // Before the body is read, as the answer does not depend on it.
        onRequest: async (request, reply) => {
          const error = new ImError('invalid_request', `${request.method} is not allowed here, only ${allow}`);
          await reply.code(405).header('allow', allow).send(httpProblem(error).body);
        },
        handler: async () => {},
      });
    }
  };
}
