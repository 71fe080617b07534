import { ImError } from '@chasqui/domain';
import { clientAddress } from '@chasqui/kit';
import type { ApiServer } from '../context.ts';
import type { ApiSettings } from '../settings.ts';

/**
 * Headers that a request may have once (RFC 9110, section 5.3): if there are two, Node keeps the first and hides the
 * second.
 */
const SINGLE = new Set(['authorization', 'content-type', 'host', 'origin']);

/**
 * Checks a request's head before anything else. `request.ip` becomes the client's address, by the number of proxies in
 * the settings. A duplicate header that must be single is `invalid_request`, which names it.
 */
export function readHeads(app: ApiServer, { proxies }: Pick<ApiSettings, 'proxies'>): void {
  app.addHook('onRequest', async (request) => {
    const { rawHeaders, headers, socket } = request.raw;
    refuseRepeated(rawHeaders);
    // Node has already joined the lines of a list.
    const forwarded = [headers['x-forwarded-for'] ?? ''].flat().join(',');
    const value = clientAddress(socket.remoteAddress ?? '', forwarded, proxies);
    Object.defineProperty(request, 'ip', { value });
  });
}

/** Forbids caches to keep answers, as they may hold tokens or private data. A route may override it. */
export function keepFromCaches(app: ApiServer): void {
  app.addHook('onRequest', async (_, reply) => void reply.header('cache-control', 'no-store'));
}

function refuseRepeated(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const field = rawHeaders[at]?.toLowerCase() ?? '';
    if (!SINGLE.has(field)) continue;
    if (seen.has(field)) throw new ImError('invalid_request', `the header ${field} is duplicated`, { field });
    seen.add(field);
  }
}
