import { type Attachment, attachedFile, attachmentIdsOf, ImError, type UserId } from '@chasqui/domain';
import type { ImportContext } from './import-context.ts';
import type { LineOf } from './import-lines.ts';
import type { LineOutcome } from './line-outcomes.ts';
import type { LineMessage } from './message-line.ts';

/** Rows of the ledger that are read together. */
const CHUNK = 500;

type Ledger = Pick<ImportContext, 'attachments'>;

/** Lines that say what files the messages behind them carry. Their bytes are uploaded before, so nothing is changed. */
export async function importFiles(context: Ledger, lines: readonly LineOf<'file'>[]): Promise<LineOutcome[]> {
  const rows = await rowsOf(
    context,
    lines.map(({ id }) => id),
  );
  return lines.map(({ id, owner }) => {
    const fault = faultOf(rows.get(id), owner);
    return fault === null ? 'repeated' : new ImError('attachment_invalid', fault, { field: 'id' });
  });
}

/**
 * Messages with what the server knows of their files, as it is when they are sent; an error for each that names one that
 * is not ready, or somebody else's, unless it is a forward. Storing decides whether there is a reference.
 */
export async function withFiles(
  context: Ledger & Pick<ImportContext, 'limits'>,
  given: readonly (LineMessage | ImError)[],
): Promise<(LineMessage | ImError)[]> {
  const ids = given.flatMap((one) => (one instanceof ImError ? [] : attachmentIdsOf(one.message.content)));
  if (ids.length === 0) return [...given];
  const rows = await rowsOf(context, ids);
  return given.map((one) => (one instanceof ImError ? one : filled(one, rows, context.limits.maxContentBytes)));
}

function filled(one: LineMessage, rows: ReadonlyMap<string, Attachment>, maxBytes: number): LineMessage | ImError {
  const { from, content, forwarded } = one.message;
  if (content.attachments === undefined) return one;
  const files = [];
  for (const [place, id] of attachmentIdsOf(content).entries()) {
    const row = rows.get(id);
    const fault = faultOf(row, forwarded === undefined ? from : row?.owner);
    if (row === undefined || fault !== null) {
      return new ImError('attachment_invalid', fault ?? ABSENT, { field: `content.attachments.${place}` });
    }
    files.push(attachedFile(row));
  }
  const message = { ...one.message, content: { ...content, attachments: files } };
  const contentText = JSON.stringify(message.content);
  if (Buffer.byteLength(contentText) <= maxBytes) return { ...one, message, contentText };
  return new ImError('content_too_large', `content has more than ${maxBytes} bytes`, { field: 'content' });
}

const ABSENT = 'there is no such file of this user: upload it first';

/** Somebody else's attachment, a profile picture and an absent one get the same answer. */
function faultOf(row: Attachment | undefined, owner: UserId | undefined): string | null {
  if (row === undefined || row.owner !== owner || row.state === 'due' || row.publicId !== undefined) return ABSENT;
  return row.state === 'ready' ? null : `the file is ${row.state}: only a ready one can be imported`;
}

async function rowsOf({ attachments }: Ledger, ids: readonly string[]): Promise<ReadonlyMap<string, Attachment>> {
  const rows = new Map<string, Attachment>();
  const distinct = [...new Set(ids)];
  for (let from = 0; from < distinct.length; from += CHUNK) {
    for (const row of await attachments.get(distinct.slice(from, from + CHUNK)))
      if (row !== null) rows.set(row.id, row);
  }
  return rows;
}
