import { defined } from '@chasqui/domain';
import { ThumbnailSizeField } from '@chasqui/protocol';
import Type from 'typebox';
import { FILE_ANSWERS, FileParams } from '../attachments/file-fields.ts';
import { serveFile } from '../attachments/serve-file.ts';
import { visibleAttachment } from '../attachments/visible-attachment.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';

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
        description:
          'Takes `Range`, `If-Range` and `If-None-Match`; your permission is checked each time. With `size` the thumbnail of that size, as a whole.',
        security: BEARER,
        params: FileParams,
        querystring: Type.Object({ size: Type.Optional(ThumbnailSizeField) }, { additionalProperties: false }),
        response: { ...FILE_ANSWERS, ...problems(...MEMBER_PROBLEMS, 403, 404, 416, 429) },
      },
    },
    async (request, reply) => {
      const { userId, params, query } = request;
      const { conversationId, messageId, attachmentId } = params;
      const attachment = await visibleAttachment(context, userId, { conversationId, messageId, id: attachmentId });
      const view = { ...defined({ size: query.size }), isSaved: false };
      return serveFile(context, request, reply, { attachment, userId, ...view }) as never;
    },
  );
}
