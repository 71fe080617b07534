import {
  type AttachedMedia,
  type Attachment,
  type AttachmentOutcome,
  cleanedKey,
  defined,
  type MediaFacts,
  thumbnailKey,
} from '@chasqui/domain';
import type { MediaFile } from '@chasqui/ports';
import type { ApiContext } from '../context.ts';
import { cleaningOf } from '../metadata/clean-file.ts';

type MediaContext = Pick<ApiContext, 'blobs' | 'settings' | 'attachmentMetrics'>;

/**
 * What becomes of a picture, a video or a sound: without its metadata, unless the setting keeps it, with thumbnails, and
 * with what it shows. What is made is stored under names that follow from the id, so it may be made again.
 */
export async function prepareMedia(
  { blobs, settings, attachmentMetrics }: MediaContext,
  file: MediaFile,
  { id, type, media }: Attachment,
): Promise<AttachmentOutcome> {
  const edits = settings.keepsMetadata ? [] : await cleaningOf(file, type);
  if (edits === null) return { state: 'refused', reason: 'metadata_unremovable' };
  const cleaned = edits.length === 0 ? null : await file.edited(edits);
  if (cleaned !== null) await blobs.put(cleanedKey(id), cleaned.blob);
  const end = attachmentMetrics.lookTimes.startTimer({ kind: type.split('/')[0] ?? '' });
  const look = await file.look(type);
  end();
  attachmentMetrics.looks.inc({ result: look.media.omitted ?? 'seen' });
  for (const { size, bytes } of look.thumbnails) await blobs.put(thumbnailKey(id, size), bytes);
  const stored = cleaned === null ? undefined : { size: cleaned.size, sha256: cleaned.sha256 };
  return { state: 'ready', type, ...defined({ stored }), media: toldOf(type, look.media, media) };
}

/** What readers are told: what the server saw, and for what it did not see, what was announced. */
function toldOf(type: string, seen: AttachedMedia, announced: AttachedMedia | undefined): AttachedMedia {
  const { announced: _, ...facts } = announced ?? {};
  const isComplete = type.startsWith('image/') && seen.omitted === undefined;
  const isNews = (Object.keys(facts) as (keyof MediaFacts)[]).some((fact) => seen[fact] === undefined);
  return isComplete || !isNews ? seen : { ...facts, ...seen, announced: true };
}
