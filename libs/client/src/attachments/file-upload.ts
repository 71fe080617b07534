import { type AttachedFile, type AttachmentId, defined, ImError, type Random } from '@chasqui/domain';
import { withResolvers } from '../basics/open-promise.ts';
import { fullJitter } from '../connection/backoff.ts';
import type { Upload, UploadOptions, UploadState } from '../uploads.ts';
import { announcedName } from './announced-name.ts';
import type { AttachmentCall } from './attachment-api.ts';
import { type MissingParts, sendParts } from './send-parts.ts';
import { sendPieces } from './send-pieces.ts';
import { Sha256Digest } from './sha256.ts';

export interface FileUploadOptions extends UploadOptions {
  file: Blob;
  call: AttachmentCall;
  /** For what goes to the store itself. */
  ask: typeof fetch;
  pieceBytes: number;
  random: Random;
  sleep(ms: number): Promise<void>;
}

interface UploadPlace {
  /** The server takes the bytes itself unless it is there. */
  partsUrl?: string;
  missing?: MissingParts;
}

interface Announced {
  upload?: UploadPlace;
}

type Checked = AttachedFile & { state: string; reason?: string; pictureUrl?: string };

/** Tries in a row that bring nothing forward, before the upload fails. */
const MAX_TRIES = 10;
const BACKOFF = { minMs: 200, maxMs: 10_000 };
/** Announces a file, sends its bytes piece by piece from where the server has them, and has them checked. */
export class FileUpload implements Upload {
  state: UploadState = 'waiting';
  sent = 0;
  readonly total: number;
  id: AttachmentId | undefined;
  readonly #options: FileUploadOptions;
  readonly #done = withResolvers<AttachedFile>();
  pictureUrl = '';
  #aborting = new AbortController();
  #isPaused = false;
  #isCancelled = false;
  #resumed = withResolvers<void>();

  constructor(options: FileUploadOptions) {
    this.#options = options;
    this.total = options.file.size;
    this.id = options.id;
    // Who does not await it learns of a failure by its state.
    this.#done.promise.catch(() => {});
  }

  get done(): Promise<AttachedFile> {
    return this.#done.promise;
  }

  pause(): void {
    if (this.#isPaused || this.#isOver()) return;
    this.#isPaused = true;
    this.#resumed = withResolvers<void>();
    this.#aborting.abort();
  }

  resume(): void {
    this.#isPaused = false;
    this.#resumed.resolve();
  }

  cancel(): void {
    if (this.#isOver()) return;
    this.#isCancelled = true;
    this.#aborting.abort();
    this.resume();
    if (this.id !== undefined) this.#options.call('DELETE', `attachments/${this.id}`).catch(() => {});
    this.#fail(new ImError('connection_closed', 'the upload was cancelled'));
  }

  /** Resolves when it is over. */
  async run(): Promise<void> {
    try {
      const where = this.id === undefined ? await this.#announce() : await this.#found(`attachments/${this.id}`);
      const file = await this.#upload(`attachments/${this.id}`, where);
      this.#show('ready', this.total);
      this.#done.resolve(file);
    } catch (error) {
      this.#fail(ImError.from(error));
    }
  }

  /** Where an upload goes on that was begun before; undefined: its bytes were completed. */
  async #found(path: string): Promise<UploadPlace | undefined> {
    const answer = await this.#retried(() => this.#options.call('GET', path, this.#asked()));
    return ((await answer.json()) as Announced).upload;
  }

  async #announce(): Promise<UploadPlace> {
    this.#show('reading');
    const { file, call } = this.#options;
    const hash = new Sha256Digest();
    const reader = file.stream().getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) hash.update(read.value);
    const { name = (file as { name?: string }).name ?? '', type = file.type, media, purpose } = this.#options;
    const body = JSON.stringify({
      name: announcedName(name),
      size: file.size,
      type: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type.toLowerCase() : 'application/octet-stream',
      sha256: hash.digest(),
      ...defined({ media, purpose }),
    });
    const headers = { 'content-type': 'application/json' };
    const announced = await this.#retried(() => call('POST', 'attachments', { body, headers }));
    const { id, upload = {} } = (await announced.json()) as Announced & { id: AttachmentId };
    this.id = id;
    return upload;
  }

  async #upload(path: string, where: UploadPlace | undefined): Promise<AttachedFile> {
    if (where !== undefined) await this.#send(path, where);
    this.#show('checking');
    const { call } = this.#options;
    const checked = await this.#retried(async () => (await call('POST', `${path}/complete`, this.#asked())).json());
    const { id, name, size, type, media, state, reason, pictureUrl = '' } = checked as Checked;
    this.pictureUrl = pictureUrl;
    if (state === 'ready') return { id, name, size, type, ...(media && { media }) };
    throw new ImError('attachment_invalid', `the server refused the file: ${reason ?? state}`);
  }

  async #send(path: string, where: UploadPlace): Promise<void> {
    const { file, call, ask, pieceBytes } = this.#options;
    const send = where.partsUrl === undefined ? sendPieces : sendParts;
    let { missing } = where;
    await this.#retried(async (forward) => {
      const show = (sent: number) => {
        if (sent > this.sent) forward();
        this.#show('uploading', sent);
      };
      const first = defined({ missing });
      missing = undefined;
      await send({ path, file, call, ask, pieceBytes, ...this.#asked(), ...first, show });
    });
  }

  #asked(): { signal: AbortSignal } {
    return { signal: this.#aborting.signal };
  }

  /** Repeats work that may succeed later, and what a pause has broken off. `forward`: the tries begin anew. */
  async #retried<T>(work: (forward: () => void) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      await this.#whilePaused();
      try {
        return await work(() => {
          tries = 0;
        });
      } catch (error) {
        if (this.#isPaused || this.#aborting.signal.aborted) continue;
        const { retry, code, details } = ImError.from(error);
        if ((retry === 'never' && code !== 'upload_conflict') || tries >= MAX_TRIES) throw error;
        const { minMs, maxMs } = BACKOFF;
        await this.#options.sleep(details.retryAfterMs ?? fullJitter(tries, minMs, maxMs, this.#options.random));
      }
    }
  }

  async #whilePaused(): Promise<void> {
    if (this.#isPaused) {
      this.#show('paused');
      await this.#resumed.promise;
    }
    if (this.#isCancelled) throw new ImError('connection_closed', 'the upload was cancelled');
    if (this.#aborting.signal.aborted) this.#aborting = new AbortController();
  }

  #isOver(): boolean {
    return this.state === 'ready' || this.state === 'failed';
  }

  #fail(error: ImError): void {
    this.#show('failed');
    this.#done.reject(error);
  }

  #show(state: UploadState, sent = this.sent): void {
    if (this.#isOver()) return;
    this.state = state;
    this.sent = sent;
    this.#options.onProgress?.({ state, sent, total: this.total });
  }
}
