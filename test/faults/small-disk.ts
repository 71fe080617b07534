import { execFile } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, statfsSync, writeSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** What it takes besides what is in the folder already: more than a RabbitMQ keeps free. */
const ROOM_BYTES = 192 * 1024 * 1024;
const FILLING = 'filling';
const BYTES = Buffer.alloc(1024 * 1024);
/** Engines free some room by themselves, which is taken again. */
const AGAIN_MS = 50;

const run = promisify(execFile);

/**
 * A small disk, in memory, in the place of a folder that nobody uses meanwhile; it has what is in the folder. Disposal puts
 * everything back. Needs the right to mount, as root has it.
 */
export class SmallDisk implements AsyncDisposable {
  readonly #folder: string;
  readonly #aside: string;
  readonly #filling: number;

  private constructor(folder: string, aside: string) {
    this.#folder = folder;
    this.#aside = aside;
    this.#filling = openSync(join(folder, FILLING), 'w');
  }

  static async inPlaceOf(folder: string): Promise<SmallDisk> {
    const aside = `${folder}.aside`;
    const { stdout } = await run('du', ['-s', '-B1', folder]);
    await rename(folder, aside);
    await mkdir(folder);
    await run('mount', ['-t', 'tmpfs', '-o', `size=${Number.parseInt(stdout, 10) + ROOM_BYTES}`, 'tmpfs', folder]);
    await run('cp', ['-a', `${aside}/.`, folder]);
    return new SmallDisk(folder, aside);
  }

  /** Leaves only so many bytes free for so long. */
  async fillFor(ms: number, leave = 0): Promise<void> {
    for (const end = performance.now() + ms; performance.now() < end; await pause(AGAIN_MS)) this.#fill(leave);
    ftruncateSync(this.#filling);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    closeSync(this.#filling);
    await rm(join(this.#folder, FILLING));
    const back = `${this.#folder}.back`;
    await run('cp', ['-a', this.#folder, back]);
    await run('umount', [this.#folder]);
    await rm(this.#folder, { recursive: true });
    await rename(back, this.#folder);
    await rm(this.#aside, { recursive: true });
  }

  #fill(leave: number): void {
    const { bavail, bsize } = statfsSync(this.#folder);
    try {
      for (let left = bavail * bsize - leave; left > 0; ) {
        left -= writeSync(this.#filling, BYTES, 0, Math.min(BYTES.length, left));
      }
    } catch {
      // Somebody else took the last bytes.
    }
  }
}
