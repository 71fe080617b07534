import { type Attachment, ImError, readableKey, type ThumbnailSize, thumbnailKey } from '@chasqui/domain';
import { AttachmentIdField, ConversationIdField, MessageIdField, ThumbnailSizeField } from '@chasqui/protocol';
import Type from 'typebox';
import { rangeIn } from '../attachments/byte-range.ts';
import { fileHeaders } from '../attachments/file-headers.ts';
import { visibleAttachment } from '../attachments/visible-attachment.ts';
import { blobBody } from '../blobs/blob-body.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { httpProblem } from '../http/errors.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { UserWorkUnderWay } from '../http/user-work-under-way.ts';

const FILE = { '*/*': { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) } };

/** Reading the files of messages. */
export function attachmentDownload(app: ApiServer, context: ApiContext): void {
  const shares = new UserWorkUnderWay(context.settings.maxDownloadsPerUser, 'files of yours are being downloaded');
  app.get(
    '/api/conversations/:conversationId/messages/:messageId/attachments/:attachmentId',
    {
      handlerTimeout: context.settings.downloadTimeoutMs,
      schema: {
        operationId: 'readFile',
        tags: ['attachments'],
        summary: 'A file of a message that you may see',
        description:
          'Takes `Range`, `If-Range` and `If-None-Match`; your permission is checked each time. With `size` the thumbnail of that size, as a whole.',
        security: BEARER,
        params: Type.Object({
          conversationId: ConversationIdField,
          messageId: MessageIdField,
          attachmentId: AttachmentIdField,
        }),
        querystring: Type.Object({ size: Type.Optional(ThumbnailSizeField) }, { additionalProperties: false }),
        response: {
          200: { description: 'The bytes.', content: FILE },
          206: { description: 'The bytes of the range.', content: FILE },
          302: Type.Null({
            description: 'The bytes are at `Location`, which is signed for minutes; it takes `Range`.',
          }),
          304: Type.Null({ description: 'Not modified.' }),
          ...problems(...MEMBER_PROBLEMS, 403, 404, 416, 429),
        },
      },
    },
    async ({ userId, params: { conversationId, messageId, attachmentId }, query, headers, method }, reply) => {
      const attachment = await visibleAttachment(context, userId, { conversationId, messageId, id: attachmentId });
      const { size } = attachment;
      const isThumbnail = query.size !== undefined;
      const key = query.size === undefined ? readableKey(attachment) : thumbnailOf(attachment, query.size);
      const etag = `"${key}"`;
      reply.headers({ 'cache-control': 'private, no-cache', vary: 'authorization, origin', etag });
      if (headers['if-none-match'] === etag) return reply.code(304).send(null);
      const headersOf = fileHeaders(isThumbnail ? { name: 'thumbnail.webp', type: 'image/webp' } : attachment);
      const served = { type: headersOf['content-type'], disposition: headersOf['content-disposition'] };
      const link = await context.blobs.direct?.link(key, served);
      if (link !== undefined) return reply.header('cache-control', 'no-store').redirect(link);
      shares.takeFor(userId, reply);
      if (isThumbnail) {
        const thumbnail = await blobBody(context.blobs, key, undefined, method);
        if (thumbnail === null) throw new ImError('not_found', 'the thumbnail is gone', { field: 'size' });
        return reply.headers(headersOf).send(thumbnail);
      }
      reply.header('accept-ranges', 'bytes');
      const { 'if-range': ifRange = etag } = headers;
      const range = ifRange === etag ? rangeIn(headers.range, size) : undefined;
      if (range === null) {
        const error = new ImError('invalid_request', `the file has ${size} bytes`, { field: 'range' });
        return reply
          .code(416)
          .header('content-range', `bytes */${size}`)
          .send(httpProblem(error).body as never);
      }
      const { from, to } = range ?? { from: 0, to: size - 1 };
      // Also of the whole: what was checked is as long as that, whatever a late writer has added.
      const body = await blobBody(context.blobs, key, { from, to }, method);
      if (body === null) throw new ImError('not_found', 'the file is gone', { field: 'attachmentId' });
      reply.headers({ ...headersOf, 'content-length': to - from + 1 });
      if (range !== undefined) reply.code(206).header('content-range', `bytes ${from}-${to}/${size}`);
      return reply.send(body);
    },
  );
}

/** The name of its blob. Errors: `not_found`. */
function thumbnailOf({ id, media }: Attachment, size: ThumbnailSize): string {
  if (media?.thumbnails?.includes(size)) return thumbnailKey(id, size);
  throw new ImError('not_found', 'the file has no thumbnail of this size', { field: 'size' });
}
