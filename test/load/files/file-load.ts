import { createHash, randomBytes } from 'node:crypto';
import type { AttachedFile } from '@chasqui/domain';
import { sendOnce } from '../../kill/send-once.ts';
import type { InstalledProcess } from '../servers.ts';

export interface FileResult {
  what: 'upload' | 'download';
  /** Of each file. */
  bytes: number;
  /** Of each file, ms. */
  took: number[];
  seconds: number;
  cpuUs: number;
  residentMb: { before: number; most: number };
}

/** Bytes of one request to the server, as the client library has it. */
const PIECE = 4 * 1024 * 1024;
const SAMPLE_MS = 50;

interface Part {
  from: number;
  size: number;
  url: string;
}

interface Place {
  url?: string;
  partsUrl?: string;
  missing?: { parts: Part[] };
}

/** Uploads files to a server and downloads them, several at once, without ever holding more of one than a piece. */
export class FileLoad {
  readonly #server: InstalledProcess;
  readonly #parallel: number;
  readonly #piece = randomBytes(PIECE * 2);

  constructor(server: InstalledProcess, parallel: number) {
    this.#server = server;
    this.#parallel = parallel;
  }

  async run(bytes: number, count: number): Promise<FileResult[]> {
    const digest = createHash('sha256');
    for (let from = 0; from < bytes; from += this.#piece.length) digest.update(this.#bytes(from, bytes - from));
    const sha256 = digest.digest('hex');
    const files: AttachedFile[] = [];
    const upload = await this.#measured('upload', bytes, count, async (n) => {
      files.push(await this.#upload(`file-${n % this.#parallel}`, bytes, sha256));
    });
    const places: { messageId: string; file: AttachedFile }[] = [];
    for (const file of files) places.push({ file, messageId: await this.#send(file) });
    const download = await this.#measured('download', bytes, count, async (n) => {
      const { file, messageId } = places[n] as (typeof places)[number];
      const path = `conversations/bench~${file.name}/messages/${messageId}/attachments/${file.id}`;
      let read = 0;
      for await (const piece of (await this.#call('bench', 'GET', path)).body ?? []) read += piece.length;
      if (read !== bytes) throw new Error(`${read} of ${bytes} bytes were read`);
    });
    return [upload, download];
  }

  /** What repeats itself in pieces of `#piece`. */
  #bytes(from: number, left: number): Uint8Array {
    const at = from % this.#piece.length;
    return this.#piece.subarray(at, at + Math.min(left, this.#piece.length - at));
  }

  async #call(user: string, method: string, path: string, body?: object | Uint8Array, headers: object = {}) {
    const isBytes = body instanceof Uint8Array;
    const answer = await fetch(`${this.#server.api}/api/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.#server.target.token(user)}`,
        ...(body && { 'content-type': isBytes ? 'application/offset+octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(body && { body: isBytes ? Uint8Array.from(body) : JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async #upload(user: string, size: number, sha256: string): Promise<AttachedFile> {
    const fields = { name: user, size, type: 'application/octet-stream', sha256 };
    const { id, upload } = (await (await this.#call(user, 'POST', 'attachments', fields)).json()) as {
      id: string;
      upload: Place;
    };
    if (upload.partsUrl === undefined) await this.#pieces(user, id, size);
    else await this.#parts(user, id, upload.missing?.parts ?? []);
    const complete = () => this.#call(user, 'POST', `attachments/${id}/complete`);
    const { type } = (await (await complete()).json()) as AttachedFile;
    return { id, name: user, size, type };
  }

  async #pieces(user: string, id: string, size: number): Promise<void> {
    for (let from = 0; from < size; from += PIECE) {
      const body = this.#bytes(from, Math.min(PIECE, size - from));
      await this.#call(user, 'PATCH', `attachments/${id}/upload`, body, { 'upload-offset': String(from) });
    }
  }

  async #parts(user: string, id: string, first: Part[]): Promise<void> {
    for (let parts = first; parts.length > 0; ) {
      for (const { from, size, url } of parts) {
        const answer = await fetch(url, { method: 'PUT', body: Uint8Array.from(this.#bytes(from, size)) });
        if (!answer.ok) throw new Error(`a part was refused: ${answer.status} ${await answer.text()}`);
        await answer.body?.cancel();
      }
      const next = await this.#call(user, 'POST', `attachments/${id}/parts`);
      ({ parts } = (await next.json()) as { parts: Part[] });
    }
  }

  /** From the user of its name. */
  async #send(file: AttachedFile): Promise<string> {
    const { target } = this.#server;
    const chat = { clientMessageId: file.id, to: 'bench', content: { attachments: [file] } };
    return sendOnce(target.nodes[0] ?? '', await target.token(file.name), chat);
  }

  async #measured(
    what: FileResult['what'],
    bytes: number,
    count: number,
    one: (n: number) => Promise<void>,
  ): Promise<FileResult> {
    const { process: server } = this.#server;
    const resident = () => server.parts().reduce((sum, part) => sum + part.residentMb, 0);
    const before = resident();
    let most = before;
    const sampling = setInterval(() => {
      most = Math.max(most, resident());
    }, SAMPLE_MS);
    const used = server.use();
    const began = performance.now();
    const took: number[] = [];
    let next = 0;
    const work = async () => {
      for (let n = next++; n < count; n = next++) {
        const start = performance.now();
        await one(n);
        took.push(performance.now() - start);
      }
    };
    try {
      await Promise.all(Array.from({ length: this.#parallel }, work));
    } finally {
      clearInterval(sampling);
    }
    const seconds = (performance.now() - began) / 1000;
    return { what, bytes, took, seconds, cpuUs: server.use().cpuUs - used.cpuUs, residentMb: { before, most } };
  }
}
