import { createHash, randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import type { EditedFile, FileBytes, FileEdit } from '@chasqui/ports';

const PIECE = 256 * 1024;

/** A file of the scratch folder, gone once it is disposed. */
export class ScratchFile implements FileBytes, AsyncDisposable {
  readonly path: string;
  readonly #folder: string;
  readonly #file: FileHandle;
  readonly #copies: ScratchFile[] = [];
  readonly #hash = createHash('sha256');
  size = 0;

  private constructor(folder: string, path: string, file: FileHandle) {
    this.#folder = folder;
    this.path = path;
    this.#file = file;
  }

  /** Errors: `store_unavailable`; those of the pieces. */
  static async write(folder: string, pieces: AsyncIterable<Uint8Array>): Promise<ScratchFile> {
    const path = join(folder, randomBytes(12).toString('hex'));
    const scratch = new ScratchFile(folder, path, await onDisk(() => open(path, 'wx+', 0o600)));
    try {
      for await (const piece of pieces) await scratch.#append(piece);
      return scratch;
    } catch (error) {
      await scratch[Symbol.asyncDispose]();
      throw error;
    }
  }

  async read(from: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - from)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await onDisk(() => this.#file.read(bytes, filled, bytes.length - filled, from + filled));
      if (bytesRead === 0) throw new ImError('store_unavailable', 'a file of the scratch folder is too short');
      filled += bytesRead;
    }
    return bytes;
  }

  pieces(): AsyncGenerator<Uint8Array> {
    return this.#piecesWith([]);
  }

  async edited(edits: readonly FileEdit[]): Promise<EditedFile> {
    const copy = await ScratchFile.write(this.#folder, this.#piecesWith(edits));
    this.#copies.push(copy);
    const blob = await onDisk(() => openAsBlob(copy.path));
    return { blob, size: copy.size, sha256: copy.#hash.digest('hex') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close().catch(() => {});
    await unlink(this.path).catch(() => {});
    for (const copy of this.#copies.splice(0)) await copy[Symbol.asyncDispose]();
  }

  async #append(piece: Uint8Array): Promise<void> {
    this.#hash.update(piece);
    // A full disk takes a part of it.
    for (let done = 0; done < piece.length; ) {
      done += (await onDisk(() => this.#file.write(piece, done, piece.length - done, this.size + done))).bytesWritten;
    }
    this.size += piece.length;
  }

  async *#piecesWith(edits: readonly FileEdit[]): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (const { from, to, bytes } of [...edits, { from: this.size, to: this.size, bytes: new Uint8Array() }]) {
      while (at < from) {
        const piece = await this.read(at, Math.min(PIECE, from - at));
        at += piece.length;
        yield piece;
      }
      if (bytes.length > 0) yield bytes;
      at = to;
    }
  }
}

async function onDisk<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ImError) throw error;
    throw new ImError('store_unavailable', 'the scratch folder of media failed', {}, error);
  }
}
