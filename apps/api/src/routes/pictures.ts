import {
  ImError,
  LARGEST_SIDE,
  PICTURE_SIDES,
  type PictureSide,
  PUBLIC_PICTURES_PATH,
  squareKey,
} from '@chasqui/domain';
import { networkOf } from '@chasqui/kit';
import Type from 'typebox';
import { fileHeaders } from '../attachments/file-headers.ts';
import { blobBody } from '../blobs/blob-body.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problems } from '../http/schemas.ts';
import { UserWorkUnderWay } from '../http/user-work-under-way.ts';

const FILE = { 'image/webp': { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) } };
/** Caches may keep it for a year, without asking again: another picture has another id. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** The pictures of users and groups, for whoever knows their addresses. */
export function pictures(app: ApiServer, { attachments, blobs, settings }: ApiContext): void {
  const shares = new UserWorkUnderWay(settings.maxDownloadsPerUser, 'pictures are being downloaded from your address');
  app.get(
    `${PUBLIC_PICTURES_PATH}/:publicId`,
    {
      handlerTimeout: settings.pictureTimeoutMs,
      schema: {
        operationId: 'readPublicPicture',
        tags: ['users'],
        summary: 'The picture of a user or a group',
        description:
          'A square in WebP; without a token: the address cannot be guessed. It is the same for ever, and answers 404 once the picture was changed or removed.',
        params: Type.Object({
          publicId: Type.String({
            pattern: '^[0-9a-f]{32}$',
            'x-rule': 'be 32 hexadecimal digits',
            examples: ['5b0e7c1d93f2486a5b0e7c1d93f2486a'],
          }),
        }),
        querystring: Type.Object(
          {
            size: Type.Optional(
              Type.Unsafe<PictureSide>(
                Type.Integer({ enum: [...PICTURE_SIDES], description: 'The side of the square, in pixels.' }),
              ),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: { description: 'The bytes.', content: FILE },
          304: Type.Null({ description: 'Not modified.' }),
          ...problems(400, 404, 429, 503),
        },
      },
    },
    async ({ params: { publicId }, query: { size = LARGEST_SIDE }, headers, method, ip }, reply) => {
      const { attachment, isShown } = (await attachments.pictured(publicId)) ?? {};
      if (attachment?.state !== 'ready' || !isShown) throw noSuchPicture();
      const etag = `"${publicId}-${size}"`;
      const kept = { 'cache-control': FOR_EVER, etag };
      if (headers['if-none-match'] === etag) return reply.code(304).headers(kept).send(null);
      shares.takeFor(networkOf(ip), reply);
      // Through this server also from S3: a signed address would expire, and so could not be kept.
      const body = await blobBody(blobs, squareKey(attachment.id, size), undefined, method);
      if (body === null) throw noSuchPicture();
      reply.headers({
        ...fileHeaders({ name: 'picture.webp', type: 'image/webp' }),
        ...kept,
        // Pages of other origins may show it.
        'cross-origin-resource-policy': 'cross-origin',
      });
      return reply.send(body);
    },
  );
}

function noSuchPicture(): ImError {
  return new ImError('not_found', 'there is no such picture', { field: 'publicId' });
}
