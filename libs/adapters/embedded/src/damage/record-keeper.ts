import { join } from 'node:path';
import type { Clock, Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { unusable } from '@chasqui/kit/base';
import type { CommitMarks } from './commit-counter.ts';
import { type FolderRecord, measureForRecord, RECORD_FILE, writeRecord } from './folder-record.ts';

/**
 * The interval at which the record is written while the files change, in ms: one sync of a small file, outside of
 * commits.
 */
const EVERY_MS = 10_000;

export interface RecordKeeperOptions {
  dataDir: string;
  /** Commits known to be on disk, by file. */
  marks: CommitMarks;
  clock: Clock;
  logger: Logger;
}

/** Maintains the record of a data folder, from `start` until its disposal, which follows the closing of the files. */
export class RecordKeeper implements AsyncDisposable {
  readonly #options: RecordKeeperOptions;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #written = '';
  #isKept = false;

  constructor(options: RecordKeeperOptions) {
    this.#options = options;
  }

  /** Errors: `config_invalid` that names the file. */
  async start(): Promise<void> {
    await this.#write().catch((error: unknown) => {
      throw unusable(join(this.#options.dataDir, RECORD_FILE), error);
    });
    this.#isKept = true;
    this.#wait();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isKept) return;
    this.#isKept = false;
    this.#timer?.cancel();
    await this.#writing;
    await this.#tryToWrite();
  }

  #wait(): void {
    if (!this.#isKept) return;
    this.#timer = this.#options.clock.after(EVERY_MS, () => {
      this.#writing = this.#tryToWrite().then(() => this.#wait());
    });
  }

  async #tryToWrite(): Promise<void> {
    const { dataDir, logger } = this.#options;
    await this.#write().catch((error: unknown) => {
      logger.warn({ err: error, dataDir }, 'witness.json cannot be written: the older one stays');
    });
  }

  async #write(): Promise<void> {
    const { dataDir, marks, clock } = this.#options;
    const files: FolderRecord['files'] = {};
    // The marks are read before the lengths: both may be too low, never too high.
    const known = { ...marks };
    for (const [file, commits] of Object.entries(known)) {
      const measured = await measureForRecord(join(dataDir, file));
      if (measured !== null) files[file] = { commits, ...measured };
    }
    const text = JSON.stringify(files);
    if (text === this.#written) return;
    await writeRecord(dataDir, { at: new Date(clock.now()).toISOString(), files });
    this.#written = text;
  }
}
