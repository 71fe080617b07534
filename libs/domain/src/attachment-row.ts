import {
  ATTACHMENT_LIMITS,
  ATTACHMENT_STATES,
  type Attachment,
  type AttachmentOutcome,
  type AttachmentState,
} from './attachment.ts';
import type { AttachedMedia } from './media.ts';

/** How SQL stores keep the state: its place. */
export function attachmentStatePlace(state: AttachmentState): number {
  return ATTACHMENT_STATES.indexOf(state);
}

/** How SQL stores keep what is known of a picture, a video or a sound. */
export function attachedMediaText(media: AttachedMedia | undefined): string | null {
  return media === undefined ? null : JSON.stringify(media);
}

/**
 * How SQL stores keep the outcome of a check: state, type, size, SHA-256 (null: as before), media, 1 if readers get other
 * bytes, reason, and when the attachment is due unless it is used.
 */
export function settledColumns(outcome: AttachmentOutcome, at: number): (string | number | null)[] {
  const place = attachmentStatePlace(outcome.state);
  if (outcome.state !== 'ready') return [place, null, null, null, null, 0, outcome.reason, at];
  const { type, stored, media } = outcome;
  const bytes = [stored?.size ?? null, stored?.sha256 ?? null];
  const isCleaned = stored === undefined ? 0 : 1;
  return [place, type, ...bytes, attachedMediaText(media), isCleaned, null, at + ATTACHMENT_LIMITS.unusedMs];
}

/**
 * An attachment from a row of an SQL store: id, owner, place of the state, name, size, type, SHA-256, reason, time of
 * reservation, media as text, 1 if readers get other bytes, the public id of a picture.
 */
export function attachmentOfRow(row: readonly unknown[]): Attachment {
  const [id, owner, state, name, size, type, sha256, reason, reservedAt, media, isCleaned, publicId] = row;
  const told = {
    ...(reason === null ? {} : { reason }),
    ...(media === null ? {} : { media: JSON.parse(media as string) }),
    ...(isCleaned === 1 && { isCleaned: true }),
    ...(publicId === null ? {} : { publicId }),
  };
  const place = ATTACHMENT_STATES[state as number];
  return { id, owner, state: place, name, size, type, sha256, ...told, reservedAt } as Attachment;
}
