import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesAt, type PackEntry, readList } from './pack.ts';
import { contentOf, type PieceName } from './piece.ts';

export const PACK_ENDING = '.pack';

interface Place {
  pack: string;
  start: number;
  bytes: number;
}

/** The packs of a folder, and where each piece is. Takes some 150 bytes of memory for each piece. */
export class PackShelf implements AsyncDisposable {
  readonly folder: string;
  /** Names of packs whose list cannot be read: their pieces count as missing. */
  readonly damaged: string[] = [];
  readonly #packs = new Map<string, PackEntry[]>();
  readonly #places = new Map<PieceName, Place>();
  #open: { pack: string; file: FileHandle } | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Errors: those of the file system. */
  static async open(folder: string): Promise<PackShelf> {
    const shelf = new PackShelf(folder);
    for (const pack of (await readdir(folder)).filter((name) => name.endsWith(PACK_ENDING)).sort()) {
      const entries = await readList(join(folder, pack));
      if (entries === null) shelf.damaged.push(pack);
      else shelf.add(pack, entries);
    }
    return shelf;
  }

  get packs(): ReadonlyMap<string, readonly PackEntry[]> {
    return this.#packs;
  }

  add(pack: string, entries: PackEntry[]): void {
    this.#packs.set(pack, entries);
    for (const { name, start, bytes } of entries) this.#places.set(name, { pack, start, bytes });
  }

  has(name: PieceName): boolean {
    return this.#places.has(name);
  }

  /** A piece's content; null: it is missing or damaged. Errors: those of the file system. */
  async read(name: PieceName): Promise<Buffer | null> {
    const place = this.#places.get(name);
    return place === undefined ? null : contentOf(name, await this.#stored(place));
  }

  /** A piece in its stored form, unchecked. */
  stored(pack: string, { start, bytes }: PackEntry): Promise<Buffer> {
    return this.#stored({ pack, start, bytes });
  }

  async #stored({ pack, start, bytes }: Place): Promise<Buffer> {
    if (this.#open?.pack !== pack) {
      await this.#open?.file.close();
      this.#open = undefined;
      this.#open = { pack, file: await open(join(this.folder, pack)) };
    }
    return await bytesAt(this.#open.file, start, bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open?.file.close();
    this.#open = undefined;
  }
}
