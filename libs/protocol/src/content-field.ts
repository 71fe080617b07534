import { ATTACHMENT_LIMITS, type AttachedFile, CONTENT_LIMITS } from '@chasqui/domain';
import Type from 'typebox';
import { AttachmentIdField, AttachmentNameField, MediaTypeField } from './attachment-fields.ts';
import { UserIdField } from './fields.ts';
import { AttachedMediaField } from './media-fields.ts';

const closed = { additionalProperties: false };
const { maxNameLength, maxAddressLength } = CONTENT_LIMITS;
const name = Type.Optional(Type.String({ minLength: 1, maxLength: maxNameLength }));

const LocationField = Type.Object(
  {
    latitude: Type.Number({ minimum: -90, maximum: 90, description: 'Degrees (WGS 84).' }),
    longitude: Type.Number({ minimum: -180, maximum: 180, description: 'Degrees (WGS 84).' }),
    name,
    address: Type.Optional(Type.String({ minLength: 1, maxLength: maxAddressLength })),
  },
  { ...closed, description: 'A place.' },
);

const ContactField = Type.Object({ userId: UserIdField, name }, { ...closed, description: 'A user, as a card.' });

/** Whoever sends it names the id; the rest, which readers get, the server fills in. */
const AttachedFileField = Type.Object(
  {
    id: AttachmentIdField,
    name: Type.Optional(AttachmentNameField),
    size: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Bytes.' })),
    type: Type.Optional(MediaTypeField),
    media: Type.Optional(AttachedMediaField),
  },
  { ...closed, description: 'A file. To send it, `id` is enough: the server fills in the rest.' },
);

/** What a message says. Its kind, which people are told, is `contentKind` of the domain. */
export const ContentField = Type.Object(
  {
    text: Type.Optional(Type.String({ minLength: 1, description: 'Plain text; searchable.' })),
    data: Type.Optional(
      Type.Unsafe<{ [key: string]: unknown }>(
        Type.Object({}, { additionalProperties: true, description: "The application's own JSON, carried unchanged." }),
      ),
    ),
    location: Type.Optional(LocationField),
    contact: Type.Optional(ContactField),
    attachments: Type.Optional(
      Type.Unsafe<readonly AttachedFile[]>(
        Type.Array(AttachedFileField, {
          minItems: 1,
          maxItems: ATTACHMENT_LIMITS.maxPerMessage,
          description: 'Files that you have uploaded and that are `ready`.',
        }),
      ),
    ),
  },
  {
    ...closed,
    minProperties: 1,
    description: 'At least one of its parts.',
    examples: [{ text: 'hello, bob' }],
  },
);
