import fastifyStatic from '@fastify/static';
import type { ApiContext, ApiServer } from '../context.ts';
import { sendNotFound } from './error-handling.ts';

/** Addresses that are never the page's own. */
const NOT_PAGES = /^\/(api|healthz|readyz|metrics)(\/|\?|$)/;
/** A file of the build, with a dot in its last part: absent, it is a 404 and not the page. */
const FILE = /\/[^/?]*\.[^/?]*(\?|$)/;

/** The built page: files as they are, those with a hash in their name for ever; every other address of a browser is the page itself. */
export async function servePages(
  app: ApiServer,
  { logger }: Pick<ApiContext, 'logger'>,
  webRoot: string,
): Promise<void> {
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
    if (method === 'GET' && forPeople && !NOT_PAGES.test(url) && !FILE.test(url)) return reply.sendFile('index.html');
    return sendNotFound(logger, request, reply);
  });
}
