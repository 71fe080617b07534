import type { IncomingMessage } from 'node:http';
import { hostInUrl } from '@chasqui/kit';

/** A host name, an IPv4 address or an IPv6 address in brackets, with or without a port. */
const HOST = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;
/** The path at which a proxy shows this server: segments without dots alone, escapes or quotes. */
const PREFIX = /^(?:\/[\w~-][\w.~-]*)*\/?$/;

/** Where the sender of a request reaches this server. */
export interface PublicAddress {
  /** Whether it is reached through TLS. */
  secure: boolean;
  /** Host name and port, as in a URL. */
  host: string;
  /** The path before this server's own paths; empty or without a slash at its end. */
  prefix: string;
}

/**
 * Read from `Host` and, behind `proxies` of the operator's own, from `X-Forwarded-Proto`, `-Host` and `-Prefix`: of
 * several entries the one that the outermost of these proxies wrote, as with `X-Forwarded-For`. What is not a host or a
 * path counts as absent. Without a `Host` (HTTP/1.0), the address that was connected to.
 */
export function publicAddress({ headers, socket }: IncomingMessage, proxies: number): PublicAddress {
  const forwarded = (name: string, form: RegExp): string | undefined => {
    const entries = proxies === 0 ? [] : [headers[name] ?? ''].flat().join(',').split(',');
    const entry = entries.at(-Math.min(proxies, entries.length))?.trim() ?? '';
    return entry !== '' && form.test(entry) ? entry : undefined;
  };
  const { host = '' } = headers;
  const connected = `${hostInUrl(socket.localAddress ?? '127.0.0.1')}:${socket.localPort ?? 80}`;
  return {
    secure: forwarded('x-forwarded-proto', /^https?$/i)?.toLowerCase() === 'https',
    host: forwarded('x-forwarded-host', HOST) ?? (HOST.test(host) ? host : connected),
    prefix: (forwarded('x-forwarded-prefix', PREFIX) ?? '').replace(/\/$/, ''),
  };
}
