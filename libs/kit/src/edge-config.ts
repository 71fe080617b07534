import type { ConfigReader } from './config-reader.ts';

/** The configuration of apps that clients connect to. */
export interface EdgeConfig {
  origins: Origins;
  /** The number of trusted proxies in front of the app, whose `X-Forwarded-For` names the client's address. */
  proxies: number;
}

const MAX_PROXIES = 8;

export function readEdgeConfig(reader: ConfigReader): EdgeConfig {
  return {
    origins: reader.parsed('CHASQUI_CORS_ORIGINS', 'local', parseOrigins),
    proxies: reader.parsed('CHASQUI_TRUST_PROXY', 'off', parseProxies),
  };
}

function parseProxies(text: string): number {
  if (text === 'off') return 0;
  if (text === 'on') return 1;
  const proxies = Number(text);
  if (Number.isInteger(proxies) && proxies >= 1 && proxies <= MAX_PROXIES) return proxies;
  throw new Error(`must be off, on, or the number of proxies, at most ${MAX_PROXIES}`);
}

/**
 * The origins whose pages may call and connect. `local`: http(s)://localhost, 127.0.0.1 and [::1] at any port; `*`:
 * all.
 */
export type Origins = 'local' | '*' | readonly string[];

/** RFC 6454: scheme, host and port, as a browser writes them in `Origin`. Apps in a web view have schemes of their own. */
const ORIGIN = /^([a-z][a-z\d+.-]*):\/\/([^\s/?#@\\,*]+)\/?$/i;
const MEANT = 'must be local, *, or origins separated by commas, each scheme://host or scheme://host:port';
export const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

/** Errors: say what the text must be, and which entry is invalid. */
export function parseOrigins(text: string): Origins {
  if (text === 'local' || text === '*') return text;
  return text.split(',').map((entry, index) => {
    const origin = originOf(entry.trim());
    if (origin === null) throw new Error(`${MEANT}: entry ${index + 1} is not one`);
    return origin;
  });
}

/**
 * Whether a request with these headers may open a WebSocket. A request without `Origin` does not come from a page, and
 * a page from the host it connects to (at any port) is always allowed.
 */
export function admitsOrigin(origins: Origins, origin: string, host: string): boolean {
  if (origin === '' || origins === '*') return true;
  if (origins === 'local' ? LOCAL_ORIGIN.test(origin) : origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).hostname === hostnameOf(host);
}

function hostnameOf(host: string): string | null {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null;
}

/** In lower case and without the scheme's default port, as browsers send it. Null: not an origin. */
function originOf(text: string): string | null {
  const [, scheme = '', host = ''] = ORIGIN.exec(text) ?? [];
  if (scheme === '' || !URL.canParse(`http://${host}`)) return null;
  return /^https?$/i.test(scheme) ? new URL(text).origin : `${scheme}://${host}`.toLowerCase();
}
