import {
  ATTACHMENT_LIMITS,
  type Attachment,
  type AttachmentHolder,
  type AttachmentId,
  type MessageId,
  type UserId,
} from '@chasqui/domain';

interface KeptAttachment {
  attachment: Attachment;
  /** By holder and message. */
  references: Set<string>;
  /** Unix ms from which it is collected, if nothing refers to it. */
  dueAt: number;
}

/** Attachments and their references, as a database would hold them. */
export class AttachmentTable {
  readonly kept = new Map<AttachmentId, KeptAttachment>();

  /** `by`: see `ConversationStore.record`; absent: for a legal hold. */
  refer(ids: readonly AttachmentId[], holder: AttachmentHolder, messageId: MessageId, by?: UserId): void {
    for (const id of ids) {
      const one = this.kept.get(id);
      if (one?.attachment.state !== 'ready') continue;
      if (by === undefined || one.attachment.owner === by || one.references.size > 0) {
        one.references.add(referenceOf(holder, messageId));
      }
    }
  }

  drop(holder: AttachmentHolder, messageId: MessageId, at: number): void {
    for (const one of this.kept.values()) {
      if (one.references.delete(referenceOf(holder, messageId))) one.dueAt = at + ATTACHMENT_LIMITS.unusedMs;
    }
  }

  has(id: AttachmentId, holder: AttachmentHolder, messageId: MessageId): boolean {
    return this.kept.get(id)?.references.has(referenceOf(holder, messageId)) === true;
  }
}

function referenceOf(holder: AttachmentHolder, messageId: MessageId): string {
  return `${holder} ${messageId}`;
}
