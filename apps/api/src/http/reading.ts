import { ImError } from '@chasqui/domain';
import { readJson } from '@chasqui/protocol';
import type { ApiServer } from '../context.ts';

/** The body is compressed. No route accepts that, as the decompressed size is not known in advance. */
class ContentEncoded extends Error {
  readonly code = 'CONTENT_ENCODED';
}

/** The body declares an encoding other than UTF-8. */
class OtherCharset extends Error {
  readonly code = 'OTHER_CHARSET';
}

const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/gi;
const utf8 = /^utf-?8$/i;

/**
 * Reads bodies only as JSON in valid UTF-8, under the same rules as frames (`readJson`), and refuses URLs with invalid
 * percent-encoding. A lenient reader would pass on something other than what was sent.
 */
export function readStrictly(app: ApiServer): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) =>
    readJson(body, 'invalid_request', 'the body'),
  );
  app.addHook('preParsing', async ({ method, headers, routeOptions }) => {
    if (method === 'GET' || method === 'HEAD') return;
    const { 'content-length': length = '0', 'transfer-encoding': transfer } = headers;
    if (length === '0' && transfer === undefined && !routeOptions.config.takesPictures) {
      // Without a body its type is meaningless, and some clients always send one.
      delete headers['content-type'];
      return;
    }
    const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers;
    if (encoding.toLowerCase() !== 'identity') throw new ContentEncoded();
    for (const [, name = ''] of type.matchAll(charset)) if (!utf8.test(name)) throw new OtherCharset();
  });
  app.addHook('onRequest', async ({ raw }) => {
    const query = raw.url?.split('?', 2)[1];
    if (query !== undefined && !isPercentEncoded(query)) {
      throw new ImError('invalid_request', 'the query is not properly percent-encoded UTF-8', { field: 'query' });
    }
  });
}

function isPercentEncoded(query: string): boolean {
  try {
    decodeURIComponent(query);
    return true;
  } catch {
    return false;
  }
}
