import { type Attachment, ImError } from '@chasqui/domain';
import { AttachmentIdField, ConversationIdField, MessageIdField } from '@chasqui/protocol';
import Type from 'typebox';
import { rangeIn } from '../attachments/byte-range.ts';
import { visibleAttachment } from '../attachments/visible-attachment.ts';
import { blobBody } from '../blobs/blob-body.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { httpProblem } from '../http/errors.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';

const FILE = { '*/*': { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) } };
/** What browsers show without running anything in it; all else is only saved. */
const SHOWN = /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp)|(?:audio|video)\/[a-z0-9-]+)$/;

/** Reading the files of messages. */
export function attachmentDownload(app: ApiServer, context: ApiContext): void {
  app.get(
    '/api/conversations/:conversationId/messages/:messageId/attachments/:attachmentId',
    {
      handlerTimeout: context.settings.downloadTimeoutMs,
      schema: {
        operationId: 'readFile',
        tags: ['attachments'],
        summary: 'A file of a message that you may see',
        description: 'Takes `Range`, `If-Range` and `If-None-Match`; your permission is checked each time.',
        security: BEARER,
        params: Type.Object({
          conversationId: ConversationIdField,
          messageId: MessageIdField,
          attachmentId: AttachmentIdField,
        }),
        response: {
          200: { description: 'The bytes as they were uploaded.', content: FILE },
          206: { description: 'The bytes of the range.', content: FILE },
          304: Type.Null({ description: 'Not modified.' }),
          ...problems(...MEMBER_PROBLEMS, 403, 404, 416),
        },
      },
    },
    async ({ userId, params: { conversationId, messageId, attachmentId }, headers, method }, reply) => {
      const attachment = await visibleAttachment(context, userId, { conversationId, messageId, id: attachmentId });
      const { id, size } = attachment;
      const etag = `"${id}"`;
      reply.headers({
        'cache-control': 'private, no-cache',
        vary: 'authorization, origin',
        etag,
        'accept-ranges': 'bytes',
      });
      if (headers['if-none-match'] === etag) return reply.code(304).send(null);
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
      const body = await blobBody(context.blobs, id, { from, to }, method);
      if (body === null) throw new ImError('not_found', 'the file is gone', { field: 'attachmentId' });
      reply.headers({ ...fileHeaders(attachment), 'content-length': to - from + 1 });
      if (range !== undefined) reply.code(206).header('content-range', `bytes ${from}-${to}/${size}`);
      return reply.send(body);
    },
  );
}

/** If the address is opened in a browser, nothing in the file runs. */
function fileHeaders({ name, type }: Attachment) {
  const isShown = SHOWN.test(type);
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  return {
    'content-type': type,
    'content-disposition': `${isShown ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded(name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  };
}

/** As RFC 8187 has it. */
function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
