const FIRST_SIZE = 4 * 1024;

/** Whole numbers below 2^31 in memory that grows and is used again: making an array costs more than filling it. */
export class IntList {
  #numbers = new Int32Array(FIRST_SIZE);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#numbers[index] as number;
  }

  set(index: number, value: number): void {
    this.#numbers[index] = value;
  }

  /** Returns its index. */
  push(value: number): number {
    if (this.#length === this.#numbers.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length] = value;
    return this.#length++;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Sorts the numbers, unless they are in order. */
  sort(): void {
    for (let at = 1; at < this.#length; at++) {
      if ((this.#numbers[at] as number) >= (this.#numbers[at - 1] as number)) continue;
      this.#numbers.subarray(0, this.#length).sort();
      return;
    }
  }

  reverse(): void {
    for (let from = 0, to = this.#length - 1; from < to; from++, to--) {
      const number = this.at(from);
      this.set(from, this.at(to));
      this.set(to, number);
    }
  }
}
