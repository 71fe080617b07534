/** The first offered subprotocol (of a `Sec-WebSocket-Protocol` header) that is in `accepted`, else the empty string. */
export function agreedSubprotocol(header: string, accepted: readonly string[]): string {
  if (header === '') return '';
  for (const offered of header.split(',')) {
    const name = offered.trim();
    if (accepted.includes(name)) return name;
  }
  return '';
}
