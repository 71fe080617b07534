import { type FileHandle, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../synced.ts';
import { listOf, type PackEntry } from './pack.ts';
import { PACK_ENDING, type PackShelf } from './pack-shelf.ts';
import { nameOf, type PieceName, storedForm } from './piece.ts';

/** A pack has about so many bytes. */
const PACK_BYTES = 64 * 1024 ** 2;
/** So many bytes are written at once. */
const WRITTEN_BYTES = 1024 ** 2;
export const DRAFT = 'unfinished.draft';

/** Adds pieces to a shelf: each once. A pack counts when it is complete and synced. */
export class PackWriter implements AsyncDisposable {
  readonly #shelf: PackShelf;
  readonly #packBytes: number;
  #file: FileHandle | undefined;
  #entries: PackEntry[] = [];
  readonly #begun = new Set<PieceName>();
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #bytes = 0;
  /** Bytes that were added to the shelf. */
  written = 0;

  constructor(shelf: PackShelf, packBytes = PACK_BYTES) {
    this.#shelf = shelf;
    this.#packBytes = packBytes;
  }

  /** Returns the piece's name. Errors: those of the file system. */
  async put(content: Uint8Array): Promise<PieceName> {
    const name = nameOf(content);
    if (!this.#shelf.has(name) && !this.#begun.has(name)) await this.putStored(name, storedForm(content));
    return name;
  }

  /** Adds a piece in its stored form, even one that the shelf has. */
  async putStored(name: PieceName, stored: Buffer): Promise<void> {
    this.#begun.add(name);
    this.#entries.push({ name, start: this.#bytes, bytes: stored.length });
    this.#bytes += stored.length;
    await this.#write(stored);
    if (this.#bytes >= this.#packBytes) await this.flush();
  }

  /** From now on the shelf has everything. */
  async flush(): Promise<void> {
    if (this.#entries.length === 0) return;
    const list = listOf(this.#entries);
    await this.#write(list, true);
    await this.#file?.sync();
    await this[Symbol.asyncDispose]();
    const pack = `${Buffer.from(nameOf(list), 'latin1').toString('hex', 0, 16)}${PACK_ENDING}`;
    await rename(join(this.#shelf.folder, DRAFT), join(this.#shelf.folder, pack));
    await syncFolder(this.#shelf.folder);
    this.#shelf.add(pack, this.#entries);
    this.written += this.#bytes + list.length;
    this.#entries = [];
    this.#begun.clear();
    this.#bytes = 0;
  }

  async #write(bytes: Buffer, isLast = false): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes < WRITTEN_BYTES && !isLast) return;
    this.#file ??= await open(join(this.#shelf.folder, DRAFT), 'w', 0o600);
    await this.#file.writev(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}
