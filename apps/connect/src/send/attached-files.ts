import {
  type AttachedFile,
  type Attachment,
  attachedFile,
  attachmentIdsOf,
  ImError,
  type Limits,
  type MessageContent,
  type UserId,
} from '@chasqui/domain';
import type { AttachmentStore } from '@chasqui/ports';
import { checkSize } from './checks.ts';

export interface AttachedFilesOptions {
  attachments: Pick<AttachmentStore, 'get'>;
  limits: Pick<Limits, 'maxContentBytes'>;
}

/**
 * Checks the attachments of a message by the ledger, and fills in what readers are told of them. Storing decides in its
 * own transaction whether the message refers to them (docs/adr/0052-attachments.md).
 */
export class AttachedFiles {
  readonly #options: AttachedFilesOptions;

  constructor(options: AttachedFilesOptions) {
    this.#options = options;
  }

  /**
   * The content with all that the server knows of its attachments, or the error that refuses it: `attachment_invalid`
   * unless each is ready and the sender's, `content_too_large`, `store_unavailable`. Never rejects.
   */
  async fillIn(from: UserId, content: MessageContent): Promise<MessageContent | ImError> {
    try {
      const { attachments, limits } = this.#options;
      const ids = attachmentIdsOf(content);
      const found = await attachments.get(ids);
      const files = ids.map((_, index) => sendable(found[index], from, index));
      const filled = { ...content, attachments: files };
      checkSize(JSON.stringify(filled), limits.maxContentBytes);
      return filled;
    } catch (error) {
      return ImError.from(error, 'store_unavailable');
    }
  }
}

/** Somebody else's attachment, a profile picture and an absent one get the same answer. */
function sendable(found: Attachment | null | undefined, from: UserId, index: number): AttachedFile {
  const field = `content.attachments.${index}`;
  if (found == null || found.owner !== from || found.state === 'due' || found.publicId !== undefined) {
    throw new ImError('attachment_invalid', 'you have no such attachment', { field });
  }
  if (found.state === 'ready') return attachedFile(found);
  throw new ImError('attachment_invalid', `the attachment is ${found.state}: only a ready one can be sent`, { field });
}
