import { type Attachment, attachmentKeys, type Clock, PICTURE_SIDES, readableKey, squareKey } from '@chasqui/domain';
import type { AttachmentStore, BlobKey, BlobStore, MomentPictures } from '@chasqui/ports';

export interface BlobAuditOptions {
  attachments: Pick<AttachmentStore, 'get' | 'page'>;
  momentPictures: Pick<MomentPictures, 'known'>;
  blobs: BlobStore;
  clock: Clock;
  /** A blob that is younger is never an orphan, ms. */
  graceMs: number;
}

/**
 * `missing`: a complete attachment without its bytes, or without one of its thumbnails; whoever reads it is told that it
 * is gone. `orphan`: a blob or an upload that no row of a ledger knows.
 */
export type BlobFault =
  | { kind: 'missing'; key: BlobKey; owner: string; name: string; bytes: number; expected: number }
  | { kind: 'orphan'; key: BlobKey; at: number };

/** Rows and blobs that are looked up together. */
const CHUNK = 100;
/** The ids of attachments and pictures; names of further blobs of one begin with it. */
const ID_LENGTH = 32;

/**
 * Compares the ledgers of attachments and pictures with the blobs, both ways, in bounded memory and while servers run: a
 * row is there before its blob and until after it, so what comes and goes meanwhile is no finding. Keys are never used
 * again, so that an orphan stays one.
 */
export async function* auditBlobs(options: BlobAuditOptions): AsyncGenerator<BlobFault> {
  yield* missingBlobs(options);
  yield* orphans(options);
}

async function* missingBlobs({ attachments, blobs }: BlobAuditOptions): AsyncGenerator<BlobFault> {
  const content = blobs.direct ?? blobs.uploads;
  if (content === undefined) return;
  for (let after = ''; ; ) {
    const page = await attachments.page(after, CHUNK);
    for (const row of page) {
      if (row.state !== 'ready') continue;
      for (const key of keysOf(row)) {
        const bytes = await content.size(key);
        const expected = key === readableKey(row) ? row.size : 1;
        if (bytes >= expected) continue;
        // It may have been deleted meanwhile.
        const [now] = await attachments.get([row.id]);
        if (now?.state === 'ready') yield { kind: 'missing', key, owner: row.owner, name: row.name, bytes, expected };
      }
    }
    after = page.at(-1)?.id ?? after;
    if (page.length < CHUNK) return;
  }
}

function keysOf(row: Attachment): BlobKey[] {
  const readable = readableKey(row);
  const has = (key: BlobKey) =>
    key === readable ||
    (row.publicId !== undefined && PICTURE_SIDES.some((side) => key === squareKey(row.id, side))) ||
    row.media?.thumbnails?.some((size) => key.endsWith(`w${size}`)) === true;
  return attachmentKeys(row.id).filter(has);
}

async function* orphans(options: BlobAuditOptions): AsyncGenerator<BlobFault> {
  const { blobs, clock, graceMs } = options;
  let waiting: { key: BlobKey; at: number }[] = [];
  for await (const blob of blobs.all()) {
    if (blob.at <= clock.now() - graceMs) waiting.push(blob);
    if (waiting.length < CHUNK) continue;
    yield* unknown(options, waiting);
    waiting = [];
  }
  yield* unknown(options, waiting);
}

async function* unknown(
  { attachments, momentPictures }: BlobAuditOptions,
  found: readonly { key: BlobKey; at: number }[],
): AsyncGenerator<BlobFault> {
  const ids = [...new Set(found.map(({ key }) => key.slice(0, ID_LENGTH)))];
  const rows = await attachments.get(ids);
  const known = new Set([
    ...(await momentPictures.known(ids)),
    ...rows.flatMap((row) => (row === null ? [] : [row.id])),
  ]);
  for (const { key, at } of found) if (!known.has(key.slice(0, ID_LENGTH))) yield { kind: 'orphan', key, at };
}
