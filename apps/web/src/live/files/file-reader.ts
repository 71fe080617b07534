import { type Attachments, ImError, type LinkOptions } from '@chasqui/client';
import type { AttachedFile, ConversationId, MessageId } from '@chasqui/domain';
import { heldType } from '../../model/files/file-kind.ts';
import { thumbnailFor } from '../../model/files/thumbnails.ts';

/** A message that carries a file. */
export interface FileMessage {
  conversationId: ConversationId;
  messageId: MessageId;
}

type Reading = Pick<Attachments, 'read' | 'thumbnail' | 'link'>;

/** A message may be shown before it is stored, and its files can be read only then. */
const WAITS_MS = [400, 800, 1_600, 3_200];

/** Reads the bytes of files, or asks for addresses under which elements of the page read them. */
export class FileReader {
  readonly #attachments: Reading;

  constructor(attachments: Reading) {
    this.#attachments = attachments;
  }

  /** `told`: bytes that have come so far. Errors: the server's. */
  async whole(
    carrier: FileMessage,
    file: AttachedFile,
    told: (bytes: number) => void = () => undefined,
  ): Promise<Blob> {
    const { body } = await patiently(() => this.#attachments.read(carrier, file.id));
    let bytes = 0;
    const counted = body?.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(piece, out) {
          bytes += piece.length;
          told(bytes);
          out.enqueue(piece);
        },
      }),
    );
    const blob = await new Response(counted ?? null).blob();
    return new Blob([blob], { type: heldType(file.type) });
  }

  /** Valid for minutes. Errors: the server's. */
  async address(carrier: FileMessage, file: AttachedFile, options: LinkOptions = {}): Promise<string> {
    return (await patiently(() => this.#attachments.link(carrier, file.id, options))).url;
  }

  /** A thumbnail of at least this many pixels; the whole picture if the server has none. */
  async picture(carrier: FileMessage, file: AttachedFile, side: number): Promise<Blob> {
    const size = thumbnailFor(file, side);
    if (size === undefined) return await this.whole(carrier, file);
    const answer = await patiently(() => this.#attachments.thumbnail(carrier, file.id, size));
    return new Blob([await answer.blob()], { type: 'image/webp' });
  }
}

async function patiently<T>(read: () => Promise<T>): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await read();
    } catch (error) {
      const { code } = ImError.from(error);
      if (code !== 'message_not_found' && code !== 'not_found') throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return await read();
}
