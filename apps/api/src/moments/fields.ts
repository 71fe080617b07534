import {
  MOMENT_LIMITS,
  type Moment,
  PICTURE_ID_PATTERN,
  PICTURE_TYPES,
  type PictureType,
  type UserId,
} from '@chasqui/domain';
import { ClientMessageIdField, MomentIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import { NO_NUL } from '../http/schemas.ts';

const { maxMomentLength, maxCommentLength, maxPicturesPerMoment, maxChosenPerMoment } = MOMENT_LIMITS;
export const PictureIdField = Type.String({ pattern: PICTURE_ID_PATTERN });
const PictureTypeField = Type.Unsafe<PictureType>(Type.String({ enum: [...PICTURE_TYPES] }));

export const PictureBody = Type.Object(
  {
    pictureId: PictureIdField,
    type: PictureTypeField,
    bytes: Type.Integer({ minimum: 0 }),
    width: Type.Integer({ minimum: 1, description: 'Pixels, as stored; the EXIF orientation of a JPEG may turn it.' }),
    height: Type.Integer({ minimum: 1 }),
  },
  { description: 'Once it is posted, its bytes are at `/api/moments/{momentId}/pictures/{pictureId}`.' },
);

export const MomentBody = Type.Object(
  {
    momentId: MomentIdField,
    author: UserIdField,
    text: Type.String(),
    pictures: Type.Array(PictureBody),
    chosen: Type.Optional(
      Type.Array(UserIdField, {
        description: 'Only in your own moments: the contacts who see it. Absent: all contacts.',
      }),
    ),
    at: TimeField,
    likes: Type.Integer({ minimum: 0 }),
    liked: Type.Boolean({ description: 'Whether you like it.' }),
    comments: Type.Integer({ minimum: 0 }),
  },
  { description: 'A moment that you may see.' },
);

export const NewMomentBody = Type.Object(
  {
    text: Type.Optional(Type.String({ ...NO_NUL, maxLength: maxMomentLength })),
    pictures: Type.Optional(
      Type.Array(PictureIdField, {
        minItems: 1,
        maxItems: maxPicturesPerMoment,
        uniqueItems: true,
        description: 'Uploaded pictures, in display order. At least one of `text` and `pictures` is required.',
      }),
    ),
    chosen: Type.Optional(
      Type.Array(UserIdField, {
        minItems: 1,
        maxItems: maxChosenPerMoment,
        uniqueItems: true,
        description: 'The contacts who see it. Absent: all contacts.',
      }),
    ),
    clientMomentId: Type.Optional({
      ...ClientMessageIdField,
      description: 'The idempotency key: a repeated post with the same key returns the first moment.',
    }),
  },
  { additionalProperties: false, examples: [{ text: 'By the sea', clientMomentId: 'a1' }] },
);

export const CommentBody = Type.Object(
  { commentId: MomentIdField, author: UserIdField, text: Type.String(), at: TimeField },
  { description: 'A comment.' },
);

export const NewCommentBody = Type.Object(
  {
    text: Type.String({ ...NO_NUL, minLength: 1, maxLength: maxCommentLength }),
    clientCommentId: Type.Optional({
      ...ClientMessageIdField,
      description: 'The idempotency key: a repeated comment with the same key returns the first comment.',
    }),
  },
  { additionalProperties: false, examples: [{ text: 'Lovely!', clientCommentId: 'c1' }] },
);

/** A moment as shown to its viewer. Only the author learns who else was chosen. */
export function momentBody(
  { clientMomentId: _, chosen, ...moment }: Moment,
  viewer: UserId,
  liked: boolean,
): typeof moment & { liked: boolean; chosen?: UserId[] } {
  return { ...moment, liked, ...(chosen !== null && moment.author === viewer ? { chosen: [...chosen] } : {}) };
}
