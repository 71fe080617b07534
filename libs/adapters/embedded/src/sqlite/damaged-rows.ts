/** The maximum of rows that are named: further ones add no information. */
const MAX_NAMED = 1_000;

/** The rows of a file that were found damaged. Each is reported once. */
export class DamagedRows {
  readonly #named = new Set<string>();
  #untold: string[] = [];

  /** `row` names it for operators, searchable: "message <id>". */
  note(row: string): void {
    if (this.#named.has(row) || this.#named.size >= MAX_NAMED) return;
    this.#named.add(row);
    this.#untold.push(row);
  }

  /** The number of rows noted. */
  get size(): number {
    return this.#named.size;
  }

  /** The rows noted since the last call. */
  take(): string[] {
    return this.#untold.length === 0 ? this.#untold : this.#untold.splice(0);
  }
}
