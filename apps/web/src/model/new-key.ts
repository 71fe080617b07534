/** A new idempotency key. Also for pages without TLS (a phone on the LAN), where `crypto.randomUUID` is missing. */
export function newKey(): string {
  return `web-${crypto.getRandomValues(new BigUint64Array(2)).join('-')}`;
}
