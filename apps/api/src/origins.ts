import type { ApiSettings } from './settings.ts';

/** RFC 6454: scheme, host and port, as a browser writes them in `Origin`. Apps in a web view have schemes of their own. */
const ORIGIN = /^([a-z][a-z\d+.-]*):\/\/([^\s/?#@\\,*]+)\/?$/i;
const MEANT = 'must be local, *, or origins separated by commas, each scheme://host or scheme://host:port';

/** Errors: says what the text must be, and which of its entries is not. */
export function parseOrigins(text: string): ApiSettings['corsOrigins'] {
  if (text === 'local' || text === '*') return text;
  return text.split(',').map((entry, index) => {
    const origin = originOf(entry.trim());
    if (origin === null) throw new Error(`${MEANT}: entry ${index + 1} is not one`);
    return origin;
  });
}

/** In lower case and without the scheme's own port: browsers compare and send it so. Null: it is none. */
function originOf(text: string): string | null {
  const [, scheme = '', host = ''] = ORIGIN.exec(text) ?? [];
  if (scheme === '' || !URL.canParse(`http://${host}`)) return null;
  return /^https?$/i.test(scheme) ? new URL(text).origin : `${scheme}://${host}`.toLowerCase();
}
