/** Fields that a request may have only once (RFC 9110, section 5.3; RFC 9112, section 3.2; RFC 6455, section 11.3). */
const SINGLE = ['authorization', 'host', 'origin', 'sec-websocket-key', 'sec-websocket-version'];

/** The raw header lines of an upgrade: the engines themselves would show only one of several lines, or merge them. */
export class UpgradeHeaders {
  readonly #lines = new Map<string, string[]>();

  /** From a request's raw headers: names and values, alternating. */
  static of(rawHeaders: readonly string[]): UpgradeHeaders {
    const headers = new UpgradeHeaders();
    for (let at = 0; at < rawHeaders.length; at += 2) {
      headers.add(rawHeaders[at]?.toLowerCase() ?? '', rawHeaders[at + 1] ?? '');
    }
    return headers;
  }

  /** `name` is in lower case. */
  add(name: string, value: string): void {
    const lines = this.#lines.get(name);
    if (lines === undefined) this.#lines.set(name, [value]);
    else lines.push(value);
  }

  /** A list: its lines in order are one list (RFC 9110, section 5.3). Empty: absent. */
  list(name: string): string {
    return this.#lines.get(name)?.join(',') ?? '';
  }

  /** Whether a field is repeated that must not be: it would be unclear which one counts. */
  isAmbiguous(): boolean {
    return SINGLE.some((name) => (this.#lines.get(name)?.length ?? 0) > 1);
  }
}

/** The first offered subprotocol (of a `Sec-WebSocket-Protocol` header) that is in `accepted`, else the empty string. */
export function agreedSubprotocol(header: string, accepted: readonly string[]): string {
  if (header === '') return '';
  for (const offered of header.split(',')) {
    const name = offered.trim();
    if (accepted.includes(name)) return name;
  }
  return '';
}
