import { TIME_OF_DAY_PATTERN, VISIBILITIES, type Visibility } from '@chasqui/domain';
import { TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';

import { DisplayNameField, LanguageField } from './fields.ts';

const closed = { additionalProperties: false };

const AvatarField = Type.String({
  maxLength: 2_048,
  pattern:
    '^(?:https://[^\\s"<>\\\\\\u0000-\\u001f@/?#]+(?:[/?][^\\s"<>\\\\\\u0000-\\u001f#]*)?|/api/pictures/[0-9a-f]{32})?$',
  'x-rule':
    'be empty, the path of a picture of this server, or an https:// address without a user, a password or a fragment',
  description:
    'The URL of a picture, without user, password and fragment, or the path of one of this server (`/api/pictures/…`); empty: none.',
  examples: ['/api/pictures/5b0e7c1d93f2486a5b0e7c1d93f2486a'],
});
const VisibilityField = Type.Unsafe<Visibility>(Type.String({ enum: [...VISIBILITIES] }));

const TimeOfDayField = Type.String({
  pattern: TIME_OF_DAY_PATTERN,
  'x-rule': 'be a time of day: HH:MM',
  description: '`HH:MM`.',
});
const QuietHoursField = Type.Union([
  Type.Null(),
  Type.Object(
    {
      from: TimeOfDayField,
      to: TimeOfDayField,
      timeZone: Type.String({ minLength: 1, maxLength: 64, description: 'IANA, for example `Asia/Shanghai`.' }),
    },
    {
      ...closed,
      description: 'If `to` is before `from`, the range crosses midnight; if they are equal, it is the whole day.',
    },
  ),
]);

const notifications = {
  enabled: Type.Boolean(),
  showText: Type.Boolean({ description: 'Whether notifications may show message text.' }),
  quietHours: QuietHoursField,
};
const privacy = {
  presence: VisibilityField,
  lastSeen: VisibilityField,
  groups: { ...VisibilityField, description: 'Who may add you to groups. Others can send you a link.' },
  discoverable: Type.Boolean({ description: 'Whether user search finds you.' }),
};
/** No bounds: a stored name is shown even if it would be refused today. */
const said = {
  displayName: Type.String({ description: 'The name that others see.' }),
  avatar: AvatarField,
  locale: LanguageField,
};

/** A user's own profile, as they see and change it. */
export const OwnProfile = Type.Object(
  { userId: UserIdField, ...said, notifications: Type.Object(notifications), privacy: Type.Object(privacy) },
  { description: 'Your profile, notification and privacy settings.' },
);

export const ProfileChange = Type.Object(
  {
    displayName: Type.Optional(DisplayNameField),
    avatar: Type.Optional(AvatarField),
    locale: Type.Optional(LanguageField),
    notifications: Type.Optional(
      Type.Object(
        {
          enabled: Type.Optional(notifications.enabled),
          showText: Type.Optional(notifications.showText),
          quietHours: Type.Optional(notifications.quietHours),
        },
        closed,
      ),
    ),
    privacy: Type.Optional(
      Type.Object(
        {
          presence: Type.Optional(privacy.presence),
          lastSeen: Type.Optional(privacy.lastSeen),
          groups: Type.Optional(privacy.groups),
          discoverable: Type.Optional(privacy.discoverable),
        },
        closed,
      ),
    ),
  },
  { ...closed, minProperties: 1, examples: [{ displayName: 'Ana', notifications: { showText: true } }] },
);

/** A user's profile, as others see it. */
export const PublicProfile = Type.Object(
  {
    userId: UserIdField,
    displayName: Type.String(),
    avatar: Type.String(),
    bot: Type.Optional(Type.Literal(true, { description: 'A program, not a person.' })),
    online: Type.Optional(
      Type.Boolean({ description: 'Absent if you may not see it, or if it is currently unknown.' }),
    ),
    lastSeenAt: Type.Optional({
      ...TimeField,
      description: 'Absent if you may not see it, or if the user was never online.',
    }),
  },
  { description: 'A user, as you may see them.' },
);
