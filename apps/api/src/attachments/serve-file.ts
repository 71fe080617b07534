import { type Attachment, ImError, type UserId } from '@chasqui/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { blobBody } from '../blobs/blob-body.ts';
import type { ApiContext } from '../context.ts';
import { httpProblem } from '../http/errors.ts';
import { rangeIn } from './byte-range.ts';
import type { FileView } from './file-links.ts';
import { storedFile } from './stored-file.ts';

/** A file that its reader may have. */
export interface ServedFile extends FileView {
  attachment: Attachment;
  userId: UserId;
}

/** Answers with a file, a range of it, or where the store has it. Errors: `not_found`, `too_fast`. */
export async function serveFile(
  { attachmentMetrics, blobs, downloads }: Pick<ApiContext, 'attachmentMetrics' | 'blobs' | 'downloads'>,
  { headers, method }: Pick<FastifyRequest, 'headers' | 'method'>,
  reply: FastifyReply,
  file: ServedFile,
): Promise<FastifyReply> {
  const { attachment, userId } = file;
  const stored = storedFile(attachment, file);
  const etag = `"${stored.key}"`;
  reply.headers({ 'cache-control': 'private, no-cache', vary: 'authorization, origin', etag });
  if (headers['if-none-match'] === etag) return reply.code(304).send(null);
  const link = await blobs.direct?.link(stored.key, stored.served);
  if (link !== undefined) return reply.header('cache-control', 'no-store').redirect(link.url);
  downloads.takeFor(userId, reply);
  const sent = (bytes: number) => attachmentMetrics.bytes('sent', bytes);
  if (file.size !== undefined) {
    const thumbnail = await blobBody(blobs, stored.key, undefined, method, sent);
    if (thumbnail === null) throw new ImError('not_found', 'the thumbnail is gone', { field: 'size' });
    return reply.headers(stored.headers).send(thumbnail);
  }
  const { size } = attachment;
  reply.header('accept-ranges', 'bytes');
  const { 'if-range': ifRange = etag } = headers;
  const range = ifRange === etag ? rangeIn(headers.range, size) : undefined;
  if (range === null) {
    const { body } = httpProblem(new ImError('invalid_request', `the file has ${size} bytes`, { field: 'range' }));
    return reply.code(416).header('content-range', `bytes */${size}`).send(body);
  }
  const { from, to } = range ?? { from: 0, to: size - 1 };
  // Also of the whole: what was checked is as long as that, whatever a late writer has added.
  const body = await blobBody(blobs, stored.key, { from, to }, method, sent);
  if (body === null) throw new ImError('not_found', 'the file is gone', { field: 'attachmentId' });
  reply.headers({ ...stored.headers, 'content-length': to - from + 1 });
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${from}-${to}/${size}`);
  return reply.send(body);
}
