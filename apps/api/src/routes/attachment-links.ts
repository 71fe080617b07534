import { defined } from '@chasqui/domain';
import { ThumbnailSizeField, TimeField } from '@chasqui/protocol';
import Type from 'typebox';
import { FileParams, LINK_PATH } from '../attachments/file-fields.ts';
import { storedFile } from '../attachments/stored-file.ts';
import { visibleAttachment } from '../attachments/visible-attachment.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, CHANGE_PROBLEMS, problems } from '../http/schemas.ts';

/** Making links to files, which need no token. */
export function attachmentLinks(app: ApiServer, context: ApiContext): void {
  const { blobs, clock, fileLinks } = context;
  app.post(
    LINK_PATH,
    {
      schema: {
        operationId: 'linkFile',
        tags: ['attachments'],
        summary: 'A link to a file of a message that you may see, for minutes and without a token',
        description:
          'For elements of pages that show pictures and play videos. Whoever has the link can read the file as you: until it ends, while you may see the message, and until your session is ended.',
        security: BEARER,
        params: FileParams,
        querystring: Type.Object(
          {
            size: Type.Optional(ThumbnailSizeField),
            save: Type.Optional(
              Type.Unsafe<'true' | 'false'>(
                Type.String({
                  enum: ['true', 'false'],
                  description: 'Whether browsers are to save it, not to show it.',
                }),
              ),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              url: Type.String({
                description: 'A path of this API, or an address of the store. It takes `Range`.',
                examples: [`${LINK_PATH.replaceAll(/:\w+/g, (name) => EXAMPLES[name] ?? '')}?grant=WzE3Njcy.c2ln`],
              }),
              expiresAt: { ...TimeField, description: 'When it ends, Unix ms.' },
            },
            { description: 'The link.' },
          ),
          ...problems(...CHANGE_PROBLEMS, 403, 404),
        },
      },
    },
    async ({ userId, session, params, query: { size, save }, url }) => {
      const { conversationId, messageId, attachmentId: id } = params;
      const place = { conversationId, messageId, id };
      const attachment = await visibleAttachment(context, userId, place);
      const view = { ...defined({ size }), isSaved: save === 'true' };
      const { key, served } = storedFile(attachment, view);
      const direct = await blobs.direct?.link(key, served);
      if (direct !== undefined) return { url: direct.url, expiresAt: clock.now() + direct.expiresInS * 1_000 };
      const { grant, expiresAt } = fileLinks.grantFor(place, { session, ...view });
      // As the caller spelled its path.
      return { url: `${url.split('?')[0]}?grant=${grant}`, expiresAt };
    },
  );
}

const EXAMPLES: { [name: string]: string } = {
  ':conversationId': 'ana~bob',
  ':messageId': '019ad3f2c1b0000000000777',
  ':attachmentId': '9f86d081884c7d659a2feaa0c55ad015',
};
