import Type from 'typebox';
import { FILE_ANSWERS, FileParams, LINK_PATH } from '../attachments/file-fields.ts';
import { serveFile } from '../attachments/serve-file.ts';
import { visibleAttachment } from '../attachments/visible-attachment.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { MEMBER_PROBLEMS, problems } from '../http/schemas.ts';

/** Longer than every grant: ids have 128 characters at most. */
const MAX_GRANT = 1_000;

/** Reading by a link. The session that asked for it, and what its user may see, are checked at each request. */
export function linkedFile(app: ApiServer, context: ApiContext): void {
  const { cutOffs, fileLinks, settings } = context;
  app.get(
    LINK_PATH,
    {
      handlerTimeout: settings.downloadTimeoutMs,
      schema: {
        operationId: 'readLinkedFile',
        tags: ['attachments'],
        summary: 'A file, by a link',
        description: 'Takes `Range`, `If-Range` and `If-None-Match`. Pages of other origins may show it.',
        security: [],
        params: FileParams,
        querystring: Type.Object(
          {
            grant: Type.String({ maxLength: MAX_GRANT, pattern: '^[\\w-]+\\.[\\w-]+$', 'x-rule': 'be as it was made' }),
          },
          { additionalProperties: false },
        ),
        response: { ...FILE_ANSWERS, ...problems(...MEMBER_PROBLEMS, 403, 404, 416, 429) },
      },
    },
    async (request, reply) => {
      const { conversationId, messageId, attachmentId: id } = request.params;
      const place = { conversationId, messageId, id };
      const { session, ...view } = fileLinks.read(place, request.query.grant);
      await cutOffs.check(session);
      const { userId } = session;
      const attachment = await visibleAttachment(context, userId, place);
      reply.header('cross-origin-resource-policy', 'cross-origin');
      return serveFile(context, request, reply, { attachment, userId, ...view }) as never;
    },
  );
}
