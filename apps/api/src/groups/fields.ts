import {
  type ApiKey,
  CLIENT_KEY_PATTERN,
  DEVICE_ID_PATTERN,
  MAX_CHANGED_USERS,
  SKIP_CODES,
  type SkippedUser,
  SYSTEM_USER,
} from '@chasqui/domain';
import { GroupDescriptionField, GroupIdField, GroupPictureField, UserIdField } from '@chasqui/protocol';
import Type, { type Static } from 'typebox';
import { NO_NUL } from '../http/schemas.ts';
import { DisplayNameField } from '../people/fields.ts';

export const closed = { additionalProperties: false };
export const groupParams = Type.Object({ conversationId: GroupIdField });
export const memberParams = Type.Object({ conversationId: GroupIdField, userId: UserIdField });

/** Makes a call repeatable: the same key and change get the same answer and change nothing again. */
export const KeyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: CLIENT_KEY_PATTERN,
      'x-rule': 'be an idempotency key: 1–64 of A–Z a–z 0–9 . _ : -',
      description:
        'The same key with the same change gets the same answer for a day at least, and changes nothing again.',
    }),
  ),
});

/** What a request says about its asker. */
export function askerOf(request: { userId: string; headers: Static<typeof KeyHeader>; apiKey?: ApiKey }) {
  const { userId, headers, apiKey } = request;
  const isServer = apiKey !== undefined || userId === SYSTEM_USER;
  return { by: userId, key: headers['idempotency-key'], isServer };
}

export const profileFields = {
  name: DisplayNameField,
  description: Type.String({ ...GroupDescriptionField, ...NO_NUL }),
  picture: Type.String({
    ...{ ...GroupPictureField, ...NO_NUL },
    description:
      'What the application likes: an address, an emoji; or the `pictureUrl` of an upload of yours; empty: none.',
  }),
};

/** The id of a new group: none with a meaning of its own elsewhere. */
export const NewGroupIdField = Type.String({
  pattern: DEVICE_ID_PATTERN,
  'x-rule': 'be the id of a group: 1–64 of A–Z a–z 0–9 . _ : -, but not ., .. or __proto__',
  description: 'The id of the group; absent: the server makes one.',
});

export const UsersField = Type.Array(UserIdField, { minItems: 1, maxItems: MAX_CHANGED_USERS });

export const SkippedField = Type.Array(
  Type.Object({
    userId: UserIdField,
    code: Type.Unsafe<SkippedUser['code']>({
      type: 'string',
      enum: [...SKIP_CODES],
      description: '`blocked`: the user blocks you. `not_addable`: their settings do not let you; send them a link.',
    }),
  }),
  { description: 'Those who were not added.' },
);

export const LinkIdField = Type.String({
  pattern: '^[A-Za-z0-9_-]{22}$',
  'x-rule': 'be the id of a link: 22 of A–Z a–z 0–9 _ -',
  description: 'Secret: whoever knows it may join, or ask to.',
});
