import {
  type AttachedMedia,
  MEDIA_LIMITS,
  MEDIA_OMISSIONS,
  type MediaFacts,
  THUMB_HASH_PATTERN,
  THUMBNAIL_SIZES,
  type ThumbnailSize,
} from '@chasqui/domain';
import Type from 'typebox';

const { maxSide, maxDurationMs, maxWaveform } = MEDIA_LIMITS;
const side = Type.Integer({ minimum: 1, maximum: maxSide, description: 'Pixels, as it is shown.' });

const facts = {
  width: Type.Optional(side),
  height: Type.Optional(side),
  durationMs: Type.Optional(Type.Integer({ minimum: 0, maximum: maxDurationMs })),
  waveform: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0, maximum: 100 }), {
      minItems: 1,
      maxItems: maxWaveform,
      description: 'How loud a sound is, in parts of equal length.',
    }),
  ),
  thumbHash: Type.Optional(
    Type.String({
      pattern: THUMB_HASH_PATTERN,
      'x-rule': 'be a ThumbHash as base64',
      description: 'A blurred picture.',
    }),
  ),
};

/** What a client announces of a picture, a video or a sound. */
export const MediaFactsField = Type.Unsafe<MediaFacts>(
  Type.Object(facts, {
    additionalProperties: false,
    description: 'Of a picture, a video or a sound. What the server measures replaces it.',
  }),
);

/** One of the thumbnails. */
export const ThumbnailSizeField = Type.Unsafe<ThumbnailSize>(
  Type.Integer({ enum: [...THUMBNAIL_SIZES], description: 'The longest side of a thumbnail, in pixels.' }),
);

export const AttachedMediaField = Type.Unsafe<AttachedMedia>(
  Type.Object(
    {
      ...facts,
      animated: Type.Optional(Type.Literal(true, { description: 'It has several pictures.' })),
      thumbnails: Type.Optional(
        Type.Array(ThumbnailSizeField, { maxItems: THUMBNAIL_SIZES.length, description: 'The thumbnails there are.' }),
      ),
      announced: Type.Optional(
        Type.Literal(true, { description: "The facts are what the sender's client announced, and not measured." }),
      ),
      omitted: Type.Optional(
        Type.Unsafe<AttachedMedia['omitted']>(
          Type.String({ enum: [...MEDIA_OMISSIONS], description: 'Why the server did not look into it.' }),
        ),
      ),
    },
    { additionalProperties: false, description: 'Only of pictures, videos and sounds.' },
  ),
);
