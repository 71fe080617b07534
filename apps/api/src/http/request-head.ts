import { ImError } from '@chasqui/domain';
import { clientAddress } from '@chasqui/kit';
import type { ApiServer } from '../context.ts';
import type { ApiSettings } from '../settings.ts';

/** Fields that a request has once at most (RFC 9110, section 5.3): of two, Node would show the first and hide the other. */
const SINGLE = new Set(['authorization', 'content-type', 'host', 'origin']);

/**
 * What is read of a request's head before anything else: `request.ip` is its client, by as many proxies as the settings
 * name. A field that is there twice and may not be is `invalid_request`, with its name.
 */
export function readHeads(app: ApiServer, { proxies }: Pick<ApiSettings, 'proxies'>): void {
  app.addHook('onRequest', async (request) => {
    const { rawHeaders, headers, socket } = request.raw;
    refuseRepeated(rawHeaders);
    // Node has joined the lines of a list already.
    const forwarded = [headers['x-forwarded-for'] ?? ''].flat().join(',');
    const value = clientAddress(socket.remoteAddress ?? '', forwarded, proxies);
    Object.defineProperty(request, 'ip', { value });
  });
}

/** Lets no cache keep an answer: it may hold tokens or what is somebody's own. A route that wants otherwise says so itself. */
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
