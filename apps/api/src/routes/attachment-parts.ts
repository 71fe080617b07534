import { ImError } from '@chasqui/domain';
import { AttachmentParams, MAX_SIGNED_PARTS, MissingPartsBody, partsUrl } from '../attachments/fields.ts';
import { openUpload } from '../attachments/own-attachment.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, CHANGE_PROBLEMS, problems } from '../http/schemas.ts';

/** Signing, again and again, where the parts of an upload go: into the store itself. */
export function attachmentParts(app: ApiServer, context: ApiContext): void {
  app.post(
    partsUrl(':attachmentId'),
    {
      schema: {
        operationId: 'signParts',
        tags: ['attachments'],
        summary: 'Where the missing parts of an upload go, if clients upload to the store',
        description: 'May be repeated: for the parts behind these, for those that failed, when addresses have expired.',
        security: BEARER,
        params: AttachmentParams,
        response: { 200: MissingPartsBody, ...problems(...CHANGE_PROBLEMS, 403, 404, 409) },
      },
    },
    async ({ userId, params: { attachmentId } }) => {
      const { direct } = context.blobs;
      const { size } = await openUpload(context, userId, attachmentId);
      if (direct === undefined) throw new ImError('forbidden', 'the bytes go to `upload.url` of this server');
      const missing = await direct.missing(attachmentId, size, MAX_SIGNED_PARTS);
      if (missing !== null) return missing;
      throw new ImError('upload_conflict', 'the store takes no more bytes of it: complete it', {
        field: 'attachmentId',
      });
    },
  );
}
