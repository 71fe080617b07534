import { randomBytes } from 'node:crypto';
import { ImError, MAX_PROFILE_PICTURE_BYTES } from '@chasqui/domain';
import Type from 'typebox';
import { announceAs, announceNew } from '../attachments/announced-file.ts';
import { checkUpload, removeUncleaned } from '../attachments/check-upload.ts';
import { AttachmentBody, AttachmentParams, attachmentBody, newAttachmentBody } from '../attachments/fields.ts';
import { ownAttachment } from '../attachments/own-attachment.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, BODY_PROBLEMS, CHANGE_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { throttleAttachments } from '../http/throttle.ts';

/** Reserving, completing and giving up attachments. Their bytes: attachment-upload.ts. */
export function attachments(app: ApiServer, context: ApiContext): void {
  const { attachments: ledger, blobs, checks, clock, settings } = context;
  const bytes = blobs.direct ?? blobs.uploads;

  app.post(
    '/api/attachments',
    {
      schema: {
        operationId: 'reserveAttachment',
        tags: ['attachments'],
        summary: 'Announce a file; the answer says where its bytes go',
        description:
          'Upload the bytes within a day, then complete it. What is in no message, and no profile, a day after that is deleted.',
        security: BEARER,
        body: newAttachmentBody(settings.maxAttachmentBytes),
        response: {
          201: { ...AttachmentBody, description: 'Reserved: upload its bytes.' },
          ...problems(...BODY_PROBLEMS, 401, 403, 409, 429),
        },
      },
    },
    async ({ userId, body: { id, media, purpose, ...body }, url, apiKey }, reply) => {
      if (bytes === undefined) throw new ImError('forbidden', 'this server takes no attachments');
      if (id !== undefined && apiKey === undefined) {
        throw new ImError('invalid_request', 'id is chosen by the server', { field: 'id' });
      }
      if (purpose !== undefined) mustBePossible(context, body.size);
      // A key has a rate of its own.
      if (apiKey === undefined) await throttleAttachments(context, userId, body.size);
      const announced = {
        ...(media && { media: { ...media, announced: true as const } }),
        ...(purpose && { publicId: randomBytes(16).toString('hex') }),
      };
      const given = { ...body, ...announced, owner: userId, reservedAt: clock.now() };
      const { file, missing } = await (id === undefined ? announceNew(context, given) : announceAs(context, id, given));
      return reply.code(201).send(attachmentBody(file, blobs, { base: baseOf(url), missing }));
    },
  );

  app.get(
    '/api/attachments/:attachmentId',
    {
      schema: {
        operationId: 'readAttachment',
        tags: ['attachments'],
        summary: 'An attachment that you have reserved',
        security: BEARER,
        params: AttachmentParams,
        response: { 200: AttachmentBody, ...problems(...MEMBER_PROBLEMS, 404) },
      },
    },
    async ({ userId, params: { attachmentId }, url }) =>
      attachmentBody(await ownAttachment(context, userId, attachmentId), blobs, { base: baseOf(url) }),
  );

  app.post(
    '/api/attachments/:attachmentId/complete',
    {
      handlerTimeout: settings.pictureTimeoutMs,
      schema: {
        operationId: 'completeAttachment',
        tags: ['attachments'],
        summary: 'All bytes are uploaded: check them',
        description:
          'Size and SHA-256 are checked, the type is found by the content, and pictures and videos lose their metadata. May be repeated.',
        security: BEARER,
        params: AttachmentParams,
        response: {
          200: { ...AttachmentBody, description: 'It is `ready`, or `refused` for the `reason`.' },
          ...problems(...CHANGE_PROBLEMS, 403, 404, 409, 429),
        },
      },
    },
    async ({ userId, params: { attachmentId } }) => {
      const found = await ownAttachment(context, userId, attachmentId);
      if (found.state !== 'uploading' || bytes === undefined) {
        await removeUncleaned(context, found);
        return attachmentBody(found, blobs);
      }
      await checks.run(found, () => checkUpload(context, bytes, found));
      return attachmentBody(await ownAttachment(context, userId, attachmentId), blobs);
    },
  );

  app.delete(
    '/api/attachments/:attachmentId',
    {
      schema: {
        operationId: 'abandonAttachment',
        tags: ['attachments'],
        summary: 'Give up an attachment that is in no message',
        security: BEARER,
        params: AttachmentParams,
        response: {
          204: Type.Null({ description: 'It is deleted within minutes.' }),
          ...problems(...CHANGE_PROBLEMS, 404, 409),
        },
      },
    },
    async ({ userId, params: { attachmentId } }, reply) => {
      await ownAttachment(context, userId, attachmentId);
      if ((await ledger.abandon(userId, [attachmentId])) === 0) {
        const message = 'a message or a profile has it: recall that, or change the picture';
        throw new ImError('upload_conflict', message, { field: 'attachmentId' });
      }
      return reply.code(204).send(null);
    },
  );
}

/** Errors: `forbidden` where nothing decodes pictures; `content_too_large`. */
function mustBePossible({ mediaFiles }: Pick<ApiContext, 'mediaFiles'>, size: number): void {
  if (!mediaFiles.hasPictures) {
    throw new ImError('forbidden', 'this server takes no profile pictures, as it cannot decode them', {
      field: 'purpose',
    });
  }
  if (size <= MAX_PROFILE_PICTURE_BYTES) return;
  const message = `a profile picture has at most ${MAX_PROFILE_PICTURE_BYTES} bytes: make it smaller`;
  throw new ImError('content_too_large', message, { field: 'size' });
}

/** Where the caller's further calls go. */
function baseOf(url: string): string {
  return url.startsWith('/api/server/') ? '/api/server' : '/api';
}
