import {
  ATTACHMENT_REFUSALS,
  ATTACHMENT_STATES,
  type Attachment,
  defined,
  MAX_PROFILE_PICTURE_BYTES,
  PUBLIC_PICTURE_PATTERN,
  publicPicturePath,
} from '@chasqui/domain';
import type { BlobStore, MissingParts } from '@chasqui/ports';
import {
  AttachedMediaField,
  AttachmentIdField,
  AttachmentNameField,
  MediaFactsField,
  MediaTypeField,
} from '@chasqui/protocol';
import Type from 'typebox';

/** Addresses of parts that are signed at a time. */
export const MAX_SIGNED_PARTS = 10;

export const AttachmentParams = Type.Object({ attachmentId: AttachmentIdField });

/** `maxBytes`: of one file. */
export function newAttachmentBody(maxBytes: number) {
  return Type.Object(
    {
      id: Type.Optional({
        ...AttachmentIdField,
        description:
          'Only with a key: the id of your choice. Announcing the same file again answers with what it is by then.',
      }),
      name: AttachmentNameField,
      size: Type.Integer({ minimum: 1, maximum: maxBytes, description: 'Bytes.' }),
      type: { ...MediaTypeField, description: 'What you take it for. Its bytes decide, where they tell.' },
      sha256: Type.String({
        pattern: '^[0-9a-f]{64}$',
        description: 'The SHA-256 of its bytes, as hexadecimal digits.',
      }),
      media: Type.Optional(MediaFactsField),
      purpose: Type.Optional(
        Type.Literal('profile_picture', {
          description: `It becomes the picture of a user or a group, and no file of messages: at most ${MAX_PROFILE_PICTURE_BYTES} bytes.`,
        }),
      ),
    },
    {
      additionalProperties: false,
      examples: [{ name: 'sea.png', size: 67, type: 'image/png', sha256: '0'.repeat(64) }],
    },
  );
}

/** What is to be put into the store, and where. */
export const MissingPartsBody = Type.Object(
  {
    sent: Type.Integer({ minimum: 0, description: 'Bytes that are there.' }),
    parts: Type.Array(
      Type.Object({
        number: Type.Integer({ minimum: 1 }),
        from: Type.Integer({ minimum: 0, description: 'The first byte of the part in the file.' }),
        size: Type.Integer({ minimum: 1, description: 'Bytes; no other number of them is accepted.' }),
        url: Type.String({ description: 'PUT the bytes there, without `Authorization`.' }),
      }),
      { maxItems: MAX_SIGNED_PARTS, description: 'The next ones that are missing. Empty: complete it.' },
    ),
    expiresInS: Type.Integer({ description: 'Seconds for which the addresses are valid.' }),
  },
  { description: 'Parts of the file that the store does not have.' },
);

export const AttachmentBody = Type.Object(
  {
    id: AttachmentIdField,
    state: Type.Unsafe<Attachment['state']>(
      Type.String({
        enum: ATTACHMENT_STATES.filter((state) => state !== 'due'),
        description: 'Only what is `ready` can be sent. `refused`: upload it again, as another attachment.',
      }),
    ),
    name: AttachmentNameField,
    size: Type.Integer({ minimum: 1, description: 'Bytes; as `sha256`.' }),
    type: MediaTypeField,
    sha256: Type.String({
      pattern: '^[0-9a-f]{64}$',
      examples: ['0'.repeat(64)],
      description:
        'Of the bytes that readers get, which may be others than the uploaded ones; until then as announced.',
    }),
    media: Type.Optional(AttachedMediaField),
    reason: Type.Optional(
      Type.Unsafe<Attachment['reason']>(
        Type.String({ enum: [...ATTACHMENT_REFUSALS], description: 'Why it is `refused`.' }),
      ),
    ),
    pictureUrl: Type.Optional(
      Type.String({
        pattern: PUBLIC_PICTURE_PATTERN,
        'x-rule': 'be the path of a picture of this server',
        examples: ['/api/pictures/5b0e7c1d93f2486a5b0e7c1d93f2486a'],
        description:
          'Only of a profile picture: once it is `ready`, what to set `avatar` of your profile to, or `picture` of a group. A path of this server.',
      }),
    ),
    upload: Type.Optional(
      Type.Object(
        {
          url: Type.Optional(
            Type.String({ description: 'Where its bytes go, by the tus protocol 1.0; a path of this API.' }),
          ),
          partsUrl: Type.Optional(
            Type.String({
              description: 'Instead of `url`: what signs the addresses of its parts; a path of this API.',
            }),
          ),
          missing: Type.Optional(MissingPartsBody),
        },
        { description: 'Only while it is `uploading`: `url` or `partsUrl`, as this server stores files.' },
      ),
    ),
  },
  { description: 'An attachment of yours.' },
);

/** An attachment as its owner sees it. `base`: of the paths of this API that lead on. */
export function attachmentBody(
  { id, state, name, size, type, sha256, media, reason, publicId }: Attachment,
  { direct }: Pick<BlobStore, 'direct'>,
  { base = '/api', missing }: { base?: string; missing?: MissingParts | undefined } = {},
) {
  const where =
    direct === undefined ? { url: uploadUrl(id, base) } : { partsUrl: partsUrl(id, base), ...defined({ missing }) };
  const upload = state === 'uploading' ? { upload: where } : {};
  const pictureUrl = publicId && publicPicturePath(publicId);
  return { id, state, name, size, type, sha256, ...defined({ media, reason, pictureUrl }), ...upload };
}

export function partsUrl(id: string, base = '/api'): string {
  return `${base}/attachments/${id}/parts`;
}

export function uploadUrl(id: string, base = '/api'): string {
  return `${base}/attachments/${id}/upload`;
}
