import { defined, ImError, isAllowed, type Role } from '@chasqui/domain';
import { RoleField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { closed, groupParams } from '../groups/fields.ts';
import { MemberCursorField } from '../groups/member-cursor.ts';
import { pageOfMembers } from '../groups/member-pages.ts';
import { shownUser, withProfiles } from '../groups/profiles-of.ts';
import { PageLimitField } from '../http/paging.ts';
import { BEARER, MEMBER_PROBLEMS, NO_NUL, problems } from '../http/schemas.ts';

/** Who is in a group, a page at a time. */
export function groupMemberList(app: ApiServer, context: ApiContext): void {
  const { groups: store, access } = context;
  app.get(
    '/api/groups/:conversationId/members',
    {
      schema: {
        operationId: 'listMembers',
        tags: ['groups'],
        summary: 'The members of a group: owner, admins, others, each by name',
        description:
          'For those whom `settings.seeMembers` names. With `q`: those whose name or id has a word that begins with each of its words, in the order of these words; a page may then have fewer members although more follow.',
        security: BEARER,
        params: groupParams,
        querystring: Type.Object(
          {
            role: Type.Optional(RoleField),
            q: Type.Optional(Type.String({ minLength: 1, maxLength: 64, ...NO_NUL })),
            cursor: Type.Optional(MemberCursorField),
            limit: Type.Optional(PageLimitField),
          },
          closed,
        ),
        response: {
          200: Type.Object(
            {
              members: Type.Array(
                Type.Object({
                  userId: UserIdField,
                  role: RoleField,
                  joinedAt: TimeField,
                  mutedUntil: Type.Optional(TimeField),
                  ...shownUser,
                }),
              ),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of members.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 403),
        },
      },
    },
    async ({ userId: asker, params: { conversationId }, query }) => {
      const { group, member } = await access.groupOf(conversationId, asker);
      mustSeeMembers(group.settings.seeMembers, member.role);
      const { members, nextCursor } = await pageOfMembers(store, conversationId, query);
      const rows = members.map(({ member: { userId, role, joinedAt, mutedUntil } }) => ({
        ...{ userId, role, joinedAt },
        ...defined({ mutedUntil: mutedUntil || undefined }),
      }));
      return { members: await withProfiles(context, rows), ...defined({ nextCursor }) };
    },
  );
}

/** Errors: `not_allowed`. */
export function mustSeeMembers(allowed: 'all' | 'admins', role: Role): void {
  if (isAllowed(allowed, role)) return;
  throw new ImError('not_allowed', 'only admins of this group may see its members', { field: 'conversationId' });
}
