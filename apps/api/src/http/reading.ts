import { ImError } from '@chasqui/domain';
import type { ApiServer } from '../context.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads bodies as JSON in valid UTF-8 and nothing else, and refuses URLs that are not properly percent-encoded: a
 * lenient reader would hand on something other than what was sent.
 */
export function readStrictly(app: ApiServer): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) =>
    parseJson(body),
  );
  app.addHook('onRequest', async ({ raw }) => {
    const query = raw.url?.split('?', 2)[1];
    if (query !== undefined && !isPercentEncoded(query)) {
      throw new ImError('invalid_request', 'the query is not properly percent-encoded UTF-8', { field: 'query' });
    }
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body), onlyWellFormed);
  } catch (error) {
    throw new ImError('invalid_json', 'the body is not valid JSON in UTF-8', {}, error);
  }
}

/** Half of a surrogate pair, which only an escape can smuggle in, is no text: engines would each store something else. */
function onlyWellFormed(_: string, value: unknown): unknown {
  if (typeof value === 'string' && !value.isWellFormed()) throw new SyntaxError('a lone surrogate');
  return value;
}

function isPercentEncoded(query: string): boolean {
  try {
    decodeURIComponent(query);
    return true;
  } catch {
    return false;
  }
}
