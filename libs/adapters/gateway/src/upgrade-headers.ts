/** Fields that a request has once at most (RFC 9110, section 5.3; RFC 9112, section 3.2; RFC 6455, section 11.3). */
const SINGLE = ['authorization', 'host', 'origin', 'sec-websocket-key', 'sec-websocket-version'];

/** The header lines of an upgrade as they came: an engine of its own accord would show one line of several, or mix them. */
export class UpgradeHeaders {
  readonly #lines = new Map<string, string[]>();

  /** `name` in lower case. */
  add(name: string, value: string): void {
    const lines = this.#lines.get(name);
    if (lines === undefined) this.#lines.set(name, [value]);
    else lines.push(value);
  }

  /** A list: its lines in their order are one (RFC 9110, section 5.3). Empty: there is none. */
  list(name: string): string {
    return this.#lines.get(name)?.join(',') ?? '';
  }

  /** Whether a field is there twice that may not be: nobody could tell which one counts. */
  isAmbiguous(): boolean {
    return SINGLE.some((name) => (this.#lines.get(name)?.length ?? 0) > 1);
  }
}
