import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { ImError } from '@chasqui/domain';
import type { BlobUploads } from '@chasqui/ports';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { AttachmentParams, uploadUrl } from '../attachments/fields.ts';
import { openUpload, ownAttachment } from '../attachments/own-attachment.ts';
import { UploadsUnderWay } from '../attachments/uploads-under-way.ts';
import { counted } from '../blobs/counted-bytes.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { httpProblem } from '../http/errors.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { compileValidator } from '../http/validation.ts';

const VERSION = '1.0.0';
const TYPE = 'application/offset+octet-stream';
const PATH = uploadUrl(':attachmentId');
const BYTES = { schema: Type.Unsafe<IncomingMessage>({ type: 'string', format: 'binary' }) };
const PROBLEMS = [...MEMBER_PROBLEMS, 403, 404, 409, 412] as const;

/**
 * Uploads by the core of the tus protocol 1.0 and its extension *termination* (https://tus.io). In a scope of its own:
 * only there is a body read as it comes.
 */
export function attachmentUpload(app: ApiServer, context: ApiContext): void {
  const { attachments, attachmentMetrics, blobs, settings } = context;
  const underWay = new UploadsUnderWay();
  const uploadsHere = (): BlobUploads => {
    if (blobs.uploads !== undefined) return blobs.uploads;
    throw new ImError('forbidden', 'this server takes no attachments');
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(TYPE, async (_: unknown, body: IncomingMessage) => body);
  app.addHook('onRequest', requireVersion);

  app.head(
    PATH,
    {
      config: { swagger: { exposeHeadRoute: true } },
      schema: {
        operationId: 'readUploadOffset',
        tags: ['attachments'],
        summary: 'How many bytes are there, in `Upload-Offset`',
        security: BEARER,
        params: AttachmentParams,
        response: { 200: Type.Null({ description: 'See the headers.' }), ...problems(...PROBLEMS) },
      },
    },
    async ({ userId, params: { attachmentId } }, reply) => {
      const { size } = await ownAttachment(context, userId, attachmentId);
      const uploads = uploadsHere();
      await underWay.end(attachmentId);
      const offset = Math.min(await uploads.size(attachmentId), size);
      return reply.headers({ 'upload-offset': offset, 'upload-length': size }).send(null);
    },
  );

  app.patch(
    PATH,
    {
      config: { takesPictures: true },
      handlerTimeout: settings.pictureTimeoutMs,
      bodyLimit: settings.maxAttachmentBytes,
      validatorCompiler: (part) => (part.httpPart === 'body' ? () => true : compileValidator(part)),
      schema: {
        operationId: 'uploadBytes',
        tags: ['attachments'],
        summary: 'Upload the bytes from `Upload-Offset` on, all or some of them',
        security: BEARER,
        params: AttachmentParams,
        headers: Type.Object({
          'upload-offset': Type.String({ pattern: '^\\d{1,15}$', 'x-rule': 'be a number of bytes' }),
        }),
        body: { content: { [TYPE]: BYTES } },
        response: {
          204: Type.Null({ description: 'They are stored; `Upload-Offset` says where to go on.' }),
          ...problems(...PROBLEMS, 413, 415),
        },
      },
    },
    async ({ userId, params: { attachmentId }, headers, body }, reply) => {
      const { size } = await openUpload(context, userId, attachmentId);
      const uploads = uploadsHere();
      const pieces = body instanceof Readable ? body : null;
      if (pieces === null && headers['content-type'] !== TYPE) {
        throw new ImError('invalid_request', `the body must be ${TYPE}`, { field: 'content-type' });
      }
      const stop = () =>
        void pieces?.destroy(new ImError('upload_conflict', 'a later request goes on with this upload'));
      await underWay.run(attachmentId, stop, async () => {
        const offset = await uploads.size(attachmentId);
        if (offset !== Number(headers['upload-offset'])) {
          throw new ImError('upload_conflict', `${offset} bytes are there: go on from there`, {
            field: 'upload-offset',
          });
        }
        // Before a byte of it is read: the client can still be told.
        if (offset + Number(headers['content-length'] ?? 0) > size) {
          throw new ImError('content_too_large', `more than the ${size} bytes that were announced`);
        }
        if (pieces === null) return;
        const received = counted(pieces, (bytes) => attachmentMetrics.bytes('received', bytes));
        await uploads.append(attachmentId, received, size).catch((error: unknown) => {
          // What is left of the body is not read, so nobody would see that its client has gone.
          reply.header('connection', 'close');
          throw error;
        });
      });
      return reply
        .code(204)
        .header('upload-offset', await uploads.size(attachmentId))
        .send(null);
    },
  );

  app.delete(
    PATH,
    {
      schema: {
        operationId: 'endUpload',
        tags: ['attachments'],
        summary: 'Give up an upload',
        security: BEARER,
        params: AttachmentParams,
        response: {
          204: Type.Null({ description: 'It is deleted within minutes.' }),
          ...problems(...PROBLEMS, 413, 415),
        },
      },
    },
    async ({ userId, params: { attachmentId } }, reply) => {
      await openUpload(context, userId, attachmentId);
      await underWay.end(attachmentId);
      await attachments.abandon(userId, [attachmentId]);
      return reply.code(204).send(null);
    },
  );
}

/** Clients without the header are taken to mean this version. */
async function requireVersion({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('tus-resumable', VERSION);
  if ((headers['tus-resumable'] ?? VERSION) === VERSION) return;
  const error = new ImError('invalid_request', `the version of tus here is ${VERSION}`, { field: 'tus-resumable' });
  await reply.code(412).header('tus-version', VERSION).send(httpProblem(error).body);
}
