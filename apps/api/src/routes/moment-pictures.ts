import { randomBytes } from 'node:crypto';
import { ImError, MOMENT_LIMITS, PICTURE_TYPES } from '@chasqui/domain';
import { MomentIdField } from '@chasqui/protocol';
import Type from 'typebox';
import { blobBody } from '../blobs/blob-body.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, BODY_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { throttleMoments } from '../http/throttle.ts';
import { UserWorkUnderWay } from '../http/user-work-under-way.ts';
import { PictureBody, PictureIdField } from '../moments/fields.ts';
import { checkPicture } from '../moments/picture-header.ts';
import { visibleMoment } from '../moments/visible-moments.ts';

const BYTES = { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) };
const ANY_PICTURE = Object.fromEntries(PICTURE_TYPES.map((type) => [type, BYTES]));
/** Content types that a client may declare for a picture; its content decides. */
const SENT_AS = [...PICTURE_TYPES, 'application/octet-stream'];

export async function momentPictures(app: ApiServer, context: ApiContext): Promise<void> {
  await app.register(async (scope: ApiServer) => uploads(scope, context));
  downloads(app, context);
}

/** In a scope of its own: only here is a body a picture. */
function uploads(app: ApiServer, context: ApiContext): void {
  const { momentPictures, blobs, clock, settings } = context;
  let running = 0;
  const shares = new UserWorkUnderWay(settings.maxUploadsPerUser, 'pictures of yours are being uploaded');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(SENT_AS, { parseAs: 'buffer' }, async (_: unknown, body: Buffer) => body);
  // Before the body is read, as it bounds the bytes in memory.
  app.addHook('onRequest', async ({ userId }, { raw }) => {
    await throttleMoments(context, userId, 'picture');
    if (running >= settings.maxUploads) {
      throw new ImError('overloaded', 'too many pictures are being uploaded', { retryAfterMs: 1_000 });
    }
    const give = shares.take(userId);
    running++;
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      running--;
      give();
    };
    raw.once('finish', over);
    raw.once('close', over);
  });
  app.post(
    '/api/moments/pictures',
    {
      config: { takesPictures: true },
      handlerTimeout: settings.pictureTimeoutMs,
      bodyLimit: MOMENT_LIMITS.maxPictureBytes,
      // The bytes are checked as a picture, not by a schema.
      validatorCompiler: () => () => true,
      schema: {
        operationId: 'uploadPicture',
        tags: ['moments'],
        summary: 'Upload a picture, to be posted within a day',
        description: `PNG, JPEG, WebP or GIF by its content, at most ${MOMENT_LIMITS.maxPictureBytes} bytes. It is stored unchanged, with its metadata (place, camera): remove that first.`,
        security: BEARER,
        body: { content: Object.fromEntries(SENT_AS.map((type) => [type, BYTES])) },
        response: {
          201: { ...PictureBody, description: 'Uploaded, but not posted yet.' },
          ...problems(...BODY_PROBLEMS, 401, 409, 422, 429),
        },
      },
    },
    async ({ userId, body }, reply) => {
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const picture = { pictureId: randomBytes(16).toString('hex'), ...checkPicture(bytes) };
      await momentPictures.note(userId, picture, clock.now());
      await blobs.put(picture.pictureId, bytes);
      return reply.code(201).send(picture);
    },
  );
}

function downloads(app: ApiServer, context: ApiContext): void {
  const shares = new UserWorkUnderWay(context.settings.maxDownloadsPerUser, 'pictures are being downloaded by you');
  app.get(
    '/api/moments/:momentId/pictures/:pictureId',
    {
      handlerTimeout: context.settings.pictureTimeoutMs,
      schema: {
        operationId: 'readPicture',
        tags: ['moments'],
        summary: 'A picture of a moment that you may see',
        description: 'Use `If-None-Match` to revalidate a cached picture: your permission is checked each time.',
        security: BEARER,
        params: Type.Object({ momentId: MomentIdField, pictureId: PictureIdField }),
        response: {
          200: { description: 'The bytes as they were uploaded.', content: ANY_PICTURE },
          304: Type.Null({ description: 'Not modified.' }),
          ...problems(...MEMBER_PROBLEMS, 404, 429),
        },
      },
    },
    async ({ userId, params: { momentId, pictureId }, headers, method }, reply) => {
      const { pictures } = await visibleMoment(context, userId, momentId);
      const picture = pictures.find((one) => one.pictureId === pictureId);
      if (picture === undefined) throw noSuchPicture();
      const etag = `"${pictureId}"`;
      // Only the user's browser may cache it, and it must ask again before it shows the picture.
      reply.headers({ 'cache-control': 'private, no-cache', vary: 'authorization, origin', etag });
      if (headers['if-none-match'] === etag) return reply.code(304).send(null);
      shares.takeFor(userId, reply);
      const body = await blobBody(context.blobs, pictureId, { from: 0, to: picture.bytes - 1 }, method);
      if (body === null) throw noSuchPicture();
      reply.headers({
        'content-type': picture.type,
        'content-length': picture.bytes,
        'content-disposition': `inline; filename="${pictureId}.${picture.type.slice('image/'.length)}"`,
        // If the URL is opened directly, it is a picture and nothing in it runs.
        'content-security-policy': "default-src 'none'; sandbox",
      });
      return reply.send(body);
    },
  );
}

function noSuchPicture(): ImError {
  return new ImError('not_found', 'there is no such picture in this moment', { field: 'pictureId' });
}
