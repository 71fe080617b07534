/** Rows that are named, at most: what comes after them is as damaged, and tells nothing new. */
const MAX_NAMED = 1_000;

/** The rows of a file that were found not to be as they were written. Each is told once. */
export class DamagedRows {
  readonly #named = new Set<string>();
  #untold: string[] = [];

  /** `row` names it for operators, by what they can look for: "message <id>". */
  note(row: string): void {
    if (this.#named.has(row) || this.#named.size >= MAX_NAMED) return;
    this.#named.add(row);
    this.#untold.push(row);
  }

  /** How many were noted. */
  get size(): number {
    return this.#named.size;
  }

  /** Those that were noted since the last time. */
  take(): string[] {
    return this.#untold.length === 0 ? this.#untold : this.#untold.splice(0);
  }
}
