import fastifyStatic from '@fastify/static';
import type { ApiServer } from '../context.ts';
import { type ProblemLog, sendNotFound } from './error-handling.ts';

/** URLs that never show the page. */
const NOT_PAGES = /^\/(api|healthz|readyz|metrics|ws)(\/|\?|$)/;
/**
 * A file of the build, recognised by a dot in the last path segment. If it is missing, the answer is 404, not the page.
 */
const FILE = /\/[^/?]*\.[^/?]*(\?|$)/;

/**
 * Serves the built page: files as they are, and those with a hash in their name as immutable. From every other URL
 * that a browser opens, it is sent to the page. Its URLs are relative, so that it also works below a path of a proxy.
 */
export async function servePages(app: ApiServer, log: ProblemLog, webRoot: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: webRoot,
    setHeaders: (reply, path) => {
      const hashed = path.includes('/assets/');
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const { method, url } = request;
    const forPeople = (request.headers.accept ?? '').includes('text/html');
    if (method === 'GET' && forPeople && !NOT_PAGES.test(url) && !FILE.test(url)) return reply.redirect(toRoot(url));
    return sendNotFound(log, request, reply);
  });
}

/** The page's URL relative to another one, with its query. */
function toRoot(url: string): string {
  const [, path = '', query = ''] = /^([^?]*)(.*)$/.exec(url) ?? [];
  return `./${'../'.repeat(path.split('/').length - 2)}${query}`;
}
