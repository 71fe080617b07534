import { CONTENT_LIMITS } from '@chasqui/domain';
import Type from 'typebox';
import { UserIdField } from './fields.ts';

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
  },
  {
    ...closed,
    minProperties: 1,
    description: 'At least one of its parts.',
    examples: [{ text: 'hello, bob' }],
  },
);
