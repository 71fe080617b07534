import { defined, GROUP_ID_PATTERN } from '@chasqui/domain';
import { GroupIdField, GroupNameField, GroupPictureField, RoleField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { closed } from '../../groups/fields.ts';
import { PageLimitField, pageOf, timeCursor, timeCursorField, timeCursorText } from '../../http/paging.ts';
import { ADMIN_PROBLEMS, BEARER, problems } from '../../http/schemas.ts';

const UserGroup = Type.Object({
  conversationId: GroupIdField,
  name: GroupNameField,
  picture: GroupPictureField,
  owner: UserIdField,
  memberCount: Type.Integer({ minimum: 0 }),
  createdAt: TimeField,
  dissolvedAt: Type.Optional({ ...TimeField, description: 'Absent: it exists.' }),
  role: Type.Optional({ ...RoleField, description: "The user's; absent if they are not a member." }),
  leftAt: Type.Optional({ ...TimeField, description: 'When the user left or was removed; absent: they are a member.' }),
  wasRemoved: Type.Optional(Type.Literal(true, { description: 'The user did not leave by themselves.' })),
});

/** How an operator finds a group: by somebody who is or was in it. */
export function userGroups(app: ApiServer, { groups, auditTrail }: ApiContext): void {
  app.get(
    '/api/admin/users/:userId/groups',
    {
      schema: {
        operationId: 'adminListGroups',
        tags: ['admin'],
        summary: 'The groups that a user is or was in, the most recently active first',
        description: 'As they are now, also those that the user has left or removed from their lists.',
        security: BEARER,
        params: Type.Object({ userId: UserIdField }),
        querystring: Type.Object(
          { cursor: Type.Optional(timeCursorField(GROUP_ID_PATTERN)), limit: Type.Optional(PageLimitField) },
          closed,
        ),
        response: {
          200: Type.Object(
            {
              groups: Type.Array(UserGroup),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of groups.' },
          ),
          ...problems(...ADMIN_PROBLEMS),
        },
      },
    },
    ({ userId: actor, params: { userId }, query: { cursor, limit = 50 } }) =>
      auditTrail.record({ actor, action: 'read_user', target: userId, detail: 'groups' }, async () => {
        const before = timeCursor(cursor);
        const heads = await groups.heads(userId, { ...defined({ before }), unlisted: true, limit: limit + 1 });
        const { items, last } = pageOf(heads, limit);
        // A head has what the user sees: those who have left see the group of then.
        const now = await groups.groups(items.map(({ group }) => group.conversationId));
        const rows = items.map(({ group: seen, member }, at) => {
          const { conversationId, name, picture, owner, memberCount, createdAt, dissolvedAt } = now[at] ?? seen;
          const { role, leftAt, wasRemoved } = member;
          const stay = leftAt === 0 ? { role } : { leftAt, ...(wasRemoved && { wasRemoved: true as const }) };
          return {
            ...{ conversationId, name, picture, owner, memberCount, createdAt, ...stay },
            ...defined({ dissolvedAt: dissolvedAt || undefined }),
          };
        });
        return { groups: rows, ...defined({ nextCursor: timeCursorText(last?.group) }) };
      }),
  );
}
