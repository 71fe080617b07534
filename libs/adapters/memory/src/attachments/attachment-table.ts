import {
  ATTACHMENT_LIMITS,
  type Attachment,
  type AttachmentHolder,
  type AttachmentId,
  holderOfHold,
  type LegalHold,
  type MessageId,
  type PictureHolder,
  type PublicId,
  publicIdOf,
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
  readonly holds = new Map<string, LegalHold>();

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

  drop(holder: AttachmentHolder, messageId: MessageId, at: number, keptMs: number = ATTACHMENT_LIMITS.unusedMs): void {
    for (const one of this.kept.values()) {
      if (one.references.delete(referenceOf(holder, messageId))) one.dueAt = at + keptMs;
    }
  }

  /** A user or a group shows another picture from now on; see `ProfileStore.put`. */
  show(
    place: PictureHolder,
    { before, after, by, at }: { before: string; after: string; by: UserId; at: number },
  ): void {
    if (before === after) return;
    const { holder, kind, subject } = place;
    const shown = [...this.kept.keys()].filter((id) => this.has(id, holder, ''));
    for (const hold of this.holds.values()) {
      if (hold.kind === kind && hold.subject === subject) this.refer(shown, holderOfHold(hold.holdId), '');
    }
    this.drop(holder, '', at, 0);
    const publicId = publicIdOf(after);
    const named = publicId === null ? undefined : this.pictured(publicId);
    if (named !== undefined) this.refer([named.attachment.id], holder, '', by);
  }

  pictured(publicId: PublicId): KeptAttachment | undefined {
    return [...this.kept.values()].find(({ attachment }) => attachment.publicId === publicId);
  }

  isShown({ references }: KeptAttachment): boolean {
    return [...references].some((reference) => reference.endsWith(' ') && !reference.startsWith('!'));
  }

  has(id: AttachmentId, holder: AttachmentHolder, messageId: MessageId): boolean {
    return this.kept.get(id)?.references.has(referenceOf(holder, messageId)) === true;
  }
}

function referenceOf(holder: AttachmentHolder, messageId: MessageId): string {
  return `${holder} ${messageId}`;
}
