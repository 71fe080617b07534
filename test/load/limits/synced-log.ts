import { type FileHandle, open } from 'node:fs/promises';

const SYNC_MS = 5;

/**
 * Appends lines to a file and calls back when `fdatasync` has them on disk: one sync for all lines of the last 5 ms.
 */
export class SyncedLog {
  readonly #file: FileHandle;
  #lines: string[] = [];
  #waiting: (() => void)[] = [];

  private constructor(file: FileHandle) {
    this.#file = file;
    setTimeout(() => void this.#sync(), SYNC_MS);
  }

  static async open(path: string): Promise<SyncedLog> {
    return new SyncedLog(await open(path, 'a'));
  }

  append(line: string, durable: () => void): void {
    this.#lines.push(line);
    this.#waiting.push(durable);
  }

  async #sync(): Promise<void> {
    const [lines, waiting] = [this.#lines, this.#waiting];
    if (waiting.length > 0) {
      this.#lines = [];
      this.#waiting = [];
      await this.#file.appendFile(`${lines.join('\n')}\n`);
      await this.#file.datasync();
      for (const durable of waiting) durable();
    }
    setTimeout(() => void this.#sync(), SYNC_MS);
  }
}
