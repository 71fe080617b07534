import { ERROR_CODES, type ErrorCode, type MessageVersion } from '@chasqui/domain';
import { ContentField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import { DisplayNameField } from '../people/fields.ts';
import { ProfileChange } from '../people/profile-fields.ts';

const { avatar, locale } = ProfileChange.properties;
const BotField = Type.Boolean({ description: 'Whether the user is a program; clients show it.' });

/** What may be said of a user. */
export const userFields = {
  displayName: Type.Optional(DisplayNameField),
  avatar,
  locale,
  bot: Type.Optional(BotField),
};

export const ServerUser = Type.Object(
  {
    userId: UserIdField,
    displayName: Type.String(),
    avatar: Type.String(),
    locale: Type.String(),
    bot: BotField,
    registeredAt: Type.Optional({ ...TimeField, description: 'Absent: the user has no password here.' }),
    disabledAt: Type.Optional({ ...TimeField, description: 'Absent: the user is not disabled.' }),
  },
  { description: 'A user, as the host application sees them.' },
);

/** What a message said before its edits. */
export const VersionsField = Type.Unsafe<readonly MessageVersion[]>(
  Type.Array(Type.Object({ content: ContentField, at: TimeField }), {
    description: 'What it said before, oldest first; `at`: since when.',
  }),
);

/** Why one item of a batch failed. */
export const FaultField = Type.Object(
  {
    code: Type.Unsafe<ErrorCode>(Type.String({ enum: Object.keys(ERROR_CODES) })),
    message: Type.String(),
    field: Type.Optional(Type.String()),
    retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { description: 'Why it failed: an error as of the route for one.' },
);
