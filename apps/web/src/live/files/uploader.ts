import { type Attachments, ImError, type Upload } from '@chasqui/client';
import { type AttachedFile, type Attachment, type AttachmentId, defined, type MediaFacts } from '@chasqui/domain';
import type { Api } from '../../api.ts';
import type { PendingFile } from './pending-message.ts';

/** How far a file is. */
export type UploadNews = Partial<Pick<PendingFile, 'id' | 'state' | 'sent'>>;

export interface UploaderParts {
  api: Pick<Api, 'call'>;
  attachments: Pick<Attachments, 'upload'>;
  /** What is to be announced of a file. */
  measure: (file: File) => Promise<MediaFacts | undefined>;
}

/** Uploads files, also those that an earlier page has begun with. */
export class Uploader {
  readonly #api: Pick<Api, 'call'>;
  readonly #attachments: Pick<Attachments, 'upload'>;
  /** By the file's key in its message. */
  readonly #running = new Map<string, Upload>();
  readonly #measure: (file: File) => Promise<MediaFacts | undefined>;
  /** One after the other: a large picture takes much memory while it is decoded. */
  #measuring: Promise<unknown> = Promise.resolve();

  constructor({ api, attachments, measure }: UploaderParts) {
    this.#api = api;
    this.#attachments = attachments;
    this.#measure = measure;
  }

  /** The file as messages carry it. `isWanted`: false once it was left out. Errors: as of `Upload.done`. */
  async upload(
    file: PendingFile,
    told: (progress: UploadNews) => void,
    isWanted: () => boolean,
  ): Promise<AttachedFile> {
    const { id } = file;
    const isKnown = id !== undefined && (await this.#isKnown(id));
    const { media = isKnown ? undefined : await this.#measured(file.file, isWanted) } = file;
    if (!isWanted()) throw new ImError('connection_closed', 'the file was left out');
    return await this.#bytes({ ...file, ...defined({ media }) }, isKnown ? id : undefined, told);
  }

  #measured(file: File, isWanted: () => boolean): Promise<MediaFacts | undefined> {
    const measured = this.#measuring.then(() => (isWanted() ? this.#measure(file) : undefined));
    this.#measuring = measured.catch(() => undefined);
    return measured;
  }

  pause(fileKey: string): void {
    this.#running.get(fileKey)?.pause();
  }

  resume(fileKey: string): void {
    this.#running.get(fileKey)?.resume();
  }

  cancel(fileKey: string): void {
    this.#running.get(fileKey)?.cancel();
  }

  pauseAll(): void {
    for (const upload of this.#running.values()) upload.pause();
  }

  cancelAll(): void {
    for (const upload of this.#running.values()) upload.cancel();
  }

  async #bytes({ key, file, media }: PendingFile, id: AttachmentId | undefined, told: (progress: UploadNews) => void) {
    const options = {
      ...defined({ id, media }),
      // The first comes before the upload is there.
      onProgress: ({ state, sent }: Pick<Upload, 'state' | 'sent'>) =>
        told({ state, sent, ...defined({ id: this.#running.get(key)?.id }) }),
    };
    const upload = this.#attachments.upload(file, options);
    this.#running.set(key, upload);
    try {
      return await upload.done;
    } finally {
      this.#running.delete(key);
    }
  }

  /** Whether an upload can go on, or is complete; else it must begin anew. */
  async #isKnown(id: AttachmentId): Promise<boolean> {
    try {
      const { state } = await this.#api.call<Pick<Attachment, 'state'>>('GET', `/api/attachments/${id}`);
      return state !== 'refused';
    } catch (error) {
      if (ImError.from(error).code === 'not_found') return false;
      throw error;
    }
  }
}
