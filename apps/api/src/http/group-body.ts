import { defined, type Group, isCurrent, type Member, SYSTEM_USER } from '@chasqui/domain';
import {
  GroupDescriptionField,
  GroupIdField,
  GroupNameField,
  GroupPictureField,
  GroupSettingsField,
  RoleField,
  TimeField,
  UserIdField,
} from '@chasqui/protocol';
import Type, { type Static } from 'typebox';

export const GroupBody = Type.Object(
  {
    conversationId: GroupIdField,
    name: GroupNameField,
    description: GroupDescriptionField,
    picture: GroupPictureField,
    settings: GroupSettingsField,
    owner: UserIdField,
    memberCount: Type.Integer({ minimum: 0 }),
    version: Type.Integer({ minimum: 0, description: 'Rises with every change.' }),
    createdAt: TimeField,
    dissolvedAt: Type.Optional({ ...TimeField, description: 'Absent: it exists.' }),
    role: Type.Optional({ ...RoleField, description: 'Yours; absent if you are not a member.' }),
    joinedAt: Type.Optional(TimeField),
    mutedUntil: Type.Optional({ ...TimeField, description: 'Until then you may not post. Absent: you may.' }),
  },
  { description: 'A group, as its members see it.' },
);

export function groupBody(group: Group, member: Member | null | undefined): Static<typeof GroupBody> {
  const { conversationId, name, description, picture, settings, owner } = group;
  const { memberCount, version, createdAt, dissolvedAt } = group;
  return {
    ...{ conversationId, name, description, picture, settings, owner, memberCount, version, createdAt },
    ...defined({ dissolvedAt: dissolvedAt || undefined }),
    ...(isCurrent(member) && member.userId !== SYSTEM_USER
      ? { role: member.role, joinedAt: member.joinedAt, ...defined({ mutedUntil: member.mutedUntil || undefined }) }
      : {}),
  };
}
