/** Whose pages may call and connect. `local`: those of http(s)://localhost, 127.0.0.1 and [::1] at any port; `*`: all. */
export type Origins = 'local' | '*' | readonly string[];

/** RFC 6454: scheme, host and port, as a browser writes them in `Origin`. Apps in a web view have schemes of their own. */
const ORIGIN = /^([a-z][a-z\d+.-]*):\/\/([^\s/?#@\\,*]+)\/?$/i;
const MEANT = 'must be local, *, or origins separated by commas, each scheme://host or scheme://host:port';
export const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

/** Errors: says what the text must be, and which of its entries is not. */
export function parseOrigins(text: string): Origins {
  if (text === 'local' || text === '*') return text;
  return text.split(',').map((entry, index) => {
    const origin = originOf(entry.trim());
    if (origin === null) throw new Error(`${MEANT}: entry ${index + 1} is not one`);
    return origin;
  });
}

/**
 * Whether a WebSocket may be opened by whoever sends these headers. What sends no `Origin` is no page, and a page of the
 * very host that it connects to (at any port) always may.
 */
export function admitsOrigin(origins: Origins, origin: string, host: string): boolean {
  if (origin === '' || origins === '*') return true;
  if (origins === 'local' ? LOCAL_ORIGIN.test(origin) : origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).hostname === hostnameOf(host);
}

function hostnameOf(host: string): string | null {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : null;
}

/** In lower case and without the scheme's own port: browsers compare and send it so. Null: it is none. */
function originOf(text: string): string | null {
  const [, scheme = '', host = ''] = ORIGIN.exec(text) ?? [];
  if (scheme === '' || !URL.canParse(`http://${host}`)) return null;
  return /^https?$/i.test(scheme) ? new URL(text).origin : `${scheme}://${host}`.toLowerCase();
}
