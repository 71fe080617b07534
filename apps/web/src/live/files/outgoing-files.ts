import { type FullClient, ImError } from '@chasqui/client';
import { defined } from '@chasqui/domain';
import type { ChosenFile } from '../../model/files/chosen-files.ts';
import { newKey } from '../../model/new-key.ts';
import { aloneInBrowser } from './alone-in-browser.ts';
import type { FileCache } from './file-cache.ts';
import type { KeptUploads } from './kept-uploads.ts';
import { PendingList } from './pending-list.ts';
import {
  keptMessage,
  type PendingMessage,
  pendingFile,
  pendingMessage,
  type Target,
  type Words,
} from './pending-message.ts';
import type { Uploader, UploadNews } from './uploader.ts';

export interface OutgoingParts {
  client: Pick<FullClient, 'send' | 'on'>;
  uploader: Uploader;
  cache: FileCache;
  kept: KeptUploads;
  /** Of this user at this server: the name of their locks. */
  name: string;
}

/** Uploads the files of the user's messages, and sends each message when all of its files are ready. */
export class OutgoingFiles {
  readonly list = new PendingList();
  readonly #parts: OutgoingParts;
  readonly #signal: AbortSignal;
  /** Called when a message has left the list. */
  readonly #left = new Map<string, () => void>();

  constructor(parts: OutgoingParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    const end = parts.client.on('state', ({ state }) => state === 'online' && this.#retryPassing());
    signal.addEventListener('abort', () => {
      end();
      // What is under way goes on when the page is opened again.
      parts.uploader.pauseAll();
    });
  }

  /** Goes on with the messages that an earlier page has left. */
  async restore(): Promise<void> {
    const { kept } = this.#parts;
    for (const key of await kept.keys().catch(() => [])) {
      void this.#alone(key, async () => {
        const message = this.list.message(key) === undefined ? await kept.get(key) : undefined;
        if (message !== undefined) await this.#run(pendingMessage(message));
      });
    }
  }

  /** Goes on whichever conversation the user opens meanwhile. Null: as for a message that is sent at once, there is no error yet. */
  add({ conversationId, peer }: Target, words: Words, chosen: readonly ChosenFile[]): null {
    const key = newKey();
    const files = chosen.map(pendingFile);
    const message = {
      ...{ conversationId, peer, ...words, key, files },
      writtenAt: Date.now(),
      isKept: true,
      error: null,
    };
    this.list.add(message);
    void this.#keep(key);
    void this.#alone(key, () => this.#run(message));
    return null;
  }

  pause(fileKey: string): void {
    this.#parts.uploader.pause(fileKey);
  }

  resume(fileKey: string): void {
    this.#parts.uploader.resume(fileKey);
  }

  retry(key: string, fileKey: string): void {
    void this.#upload(key, fileKey);
  }

  /** Leaves a file out; a message without files is not sent. */
  cancel(key: string, fileKey: string): void {
    const message = this.list.message(key);
    if (message === undefined) return;
    const files = message.files.filter((file) => file.key !== fileKey);
    if (files.length === 0) this.#drop(key);
    else this.list.change(key, { files });
    this.#parts.uploader.cancel(fileKey);
    void this.#keep(key);
    this.#sendIfReady(key);
  }

  /** Nothing stays of what was not sent. */
  async forget(): Promise<void> {
    this.#parts.uploader.cancelAll();
    await this.#parts.kept.clear();
  }

  #alone(key: string, work: () => Promise<void>): Promise<void> {
    return aloneInBrowser(`${this.#parts.name} ${key}`, this.#signal, work);
  }

  /** Resolves when the message has left the list. */
  async #run(message: PendingMessage): Promise<void> {
    const { key } = message;
    if (this.#signal.aborted) return;
    this.list.add(message);
    const left = new Promise<void>((resolve) => {
      this.#left.set(key, resolve);
      this.#signal.addEventListener('abort', () => resolve());
    });
    for (const file of message.files) void this.#upload(key, file.key);
    await left;
  }

  async #upload(key: string, fileKey: string): Promise<void> {
    const file = this.list.file(key, fileKey);
    if (file === undefined || file.attached !== undefined) return;
    this.list.changeFile(key, fileKey, { state: 'waiting', error: null });
    try {
      const told = (progress: UploadNews) => {
        const isNew = progress.id !== undefined && this.list.file(key, fileKey)?.id !== progress.id;
        this.list.changeFile(key, fileKey, progress);
        if (isNew) void this.#keep(key);
      };
      const isWanted = () => this.list.file(key, fileKey) !== undefined;
      const attached = await this.#parts.uploader.upload(file, told, isWanted);
      if (this.list.file(key, fileKey) === undefined) return;
      this.#parts.cache.put(attached.id, file.file);
      this.list.changeFile(key, fileKey, { attached, state: 'ready', sent: file.file.size });
      this.#sendIfReady(key);
    } catch (error) {
      this.list.changeFile(key, fileKey, { state: 'failed', error: ImError.from(error) });
    }
  }

  #sendIfReady(key: string): void {
    const message = this.list.message(key);
    if (message === undefined) return;
    const attachments = message.files.flatMap(({ attached }) => attached ?? []);
    if (attachments.length < message.files.length) return;
    const { conversationId, peer, text, mentions, replyTo } = message;
    const { error } = this.#parts.client.send({
      ...(peer === '' ? { conversationId } : { to: peer }),
      content: { ...(text === '' ? {} : { text }), attachments },
      clientMessageId: key,
      ...defined({ mentions, replyTo }),
    });
    if (error === undefined) this.#drop(key);
    else this.list.change(key, { error });
  }

  /** What failed for being offline is tried again. */
  #retryPassing(): void {
    for (const { key, files } of this.list.get()) {
      for (const { key: fileKey, error } of files) {
        if (error !== null && error.retry !== 'never') void this.#upload(key, fileKey);
      }
    }
  }

  async #keep(key: string): Promise<void> {
    const { kept } = this.#parts;
    const message = this.list.message(key);
    if (message === undefined) return;
    const isKept = await kept.put(keptMessage(message)).then(
      () => true,
      () => false,
    );
    // It may have been sent meanwhile.
    if (this.list.message(key) === undefined) void kept.remove(key).catch(() => undefined);
    else if (!isKept) this.list.change(key, { isKept });
  }

  #drop(key: string): void {
    this.list.remove(key);
    void this.#parts.kept.remove(key).catch(() => undefined);
    this.#left.get(key)?.();
    this.#left.delete(key);
  }
}
