/**
 * A URL that others chose and the server may call; undefined: it must not. Which address it leads to is checked when the
 * connection is made.
 */
export function outboundUrlOf(text: unknown, allowHttp: boolean): URL | undefined {
  const url = typeof text === 'string' ? URL.parse(text) : null;
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return undefined;
  return url.protocol === 'https:' || (url.protocol === 'http:' && allowHttp) ? url : undefined;
}
