import { ATTACHMENT_REFUSALS, ATTACHMENT_STATES, type Attachment, defined } from '@chasqui/domain';
import {
  AttachedMediaField,
  AttachmentIdField,
  AttachmentNameField,
  MediaFactsField,
  MediaTypeField,
} from '@chasqui/protocol';
import Type from 'typebox';

export const AttachmentParams = Type.Object({ attachmentId: AttachmentIdField });

/** `maxBytes`: of one file. */
export function newAttachmentBody(maxBytes: number) {
  return Type.Object(
    {
      name: AttachmentNameField,
      size: Type.Integer({ minimum: 1, maximum: maxBytes, description: 'Bytes.' }),
      type: { ...MediaTypeField, description: 'What you take it for. Its bytes decide, where they tell.' },
      sha256: Type.String({
        pattern: '^[0-9a-f]{64}$',
        description: 'The SHA-256 of its bytes, as hexadecimal digits.',
      }),
      media: Type.Optional(MediaFactsField),
    },
    {
      additionalProperties: false,
      examples: [{ name: 'sea.png', size: 67, type: 'image/png', sha256: '0'.repeat(64) }],
    },
  );
}

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
      description:
        'Of the bytes that readers get, which may be others than the uploaded ones; until then as announced.',
    }),
    media: Type.Optional(AttachedMediaField),
    reason: Type.Optional(
      Type.Unsafe<Attachment['reason']>(
        Type.String({ enum: [...ATTACHMENT_REFUSALS], description: 'Why it is `refused`.' }),
      ),
    ),
    upload: Type.Optional(
      Type.Object(
        { url: Type.String({ description: 'Where its bytes go, by the tus protocol 1.0; a path of this API.' }) },
        { description: 'Only while it is `uploading`.' },
      ),
    ),
  },
  { description: 'An attachment of yours.' },
);

/** An attachment as its owner sees it. */
export function attachmentBody({ id, state, name, size, type, sha256, media, reason }: Attachment) {
  const upload = state === 'uploading' ? { upload: { url: uploadUrl(id) } } : {};
  return { id, state, name, size, type, sha256, ...defined({ media, reason }), ...upload };
}

export function uploadUrl(id: string): string {
  return `/api/attachments/${id}/upload`;
}
