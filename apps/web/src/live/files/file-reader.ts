import type { Attachments } from '@chasqui/client';
import type { AttachedFile, ConversationId, MessageId } from '@chasqui/domain';
import type { Api } from '../../api.ts';
import { heldType } from '../../model/files/file-kind.ts';
import { mediaOf } from '../../model/files/file-media.ts';

/** A message that carries a file. */
export interface Carrier {
  conversationId: ConversationId;
  messageId: MessageId;
}

/** Reads the bytes of files, which need the token, so that no address of the server shows them. */
export class FileReader {
  readonly #api: Pick<Api, 'picture'>;
  readonly #attachments: Pick<Attachments, 'read'>;

  constructor(api: Pick<Api, 'picture'>, attachments: Pick<Attachments, 'read'>) {
    this.#api = api;
    this.#attachments = attachments;
  }

  /** `told`: bytes that have come so far. Errors: the server's. */
  async whole(carrier: Carrier, file: AttachedFile, told: (bytes: number) => void = () => undefined): Promise<Blob> {
    const { body } = await this.#attachments.read(carrier, file.id);
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

  /** The smallest thumbnail of at least this many pixels; the whole picture if the server has none. */
  async picture(carrier: Carrier, file: AttachedFile, side: number): Promise<Blob> {
    const size = mediaOf(file)
      .thumbnails?.toSorted((a, b) => a - b)
      .find((longest) => longest >= side);
    if (size === undefined) return await this.whole(carrier, file);
    const { conversationId, messageId } = carrier;
    const message = `/api/conversations/${encodeURIComponent(conversationId)}/messages/${messageId}`;
    return new Blob([await this.#api.picture(`${message}/attachments/${file.id}?size=${size}`)], {
      type: 'image/webp',
    });
  }
}
