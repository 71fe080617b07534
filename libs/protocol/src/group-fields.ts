import { ALLOWED, type Allowed, ROLES, type Role } from '@chasqui/domain';
import Type from 'typebox';

export const RoleField = Type.Unsafe<Role>(Type.String({ enum: [...ROLES] }));
const AllowedField = Type.Unsafe<Allowed>(Type.String({ enum: [...ALLOWED] }));
/** Who may do what in a group; see `GroupSettings` of the domain. */
export const GroupSettingsField = Type.Object(
  {
    post: AllowedField,
    add: AllowedField,
    change: AllowedField,
    mentionAll: AllowedField,
    seeMembers: AllowedField,
    history: Type.Union([Type.Literal('all'), Type.Literal('since_join')]),
    join: Type.Union([Type.Literal('open'), Type.Literal('approval')]),
    maxMembers: Type.Integer({ minimum: 2, maximum: 100_000 }),
  },
  { additionalProperties: false },
);
export const GroupNameField = Type.String({ minLength: 1, maxLength: 64, examples: ['Team'] });
export const GroupDescriptionField = Type.String({ maxLength: 500, examples: ['Who does what, and when.'] });
export const GroupPictureField = Type.String({ maxLength: 500, examples: ['team.png'] });
