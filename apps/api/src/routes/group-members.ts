import { defined, ImError, isAllowed, type Role } from '@chasqui/domain';
import { RoleField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { addingTerms, refuseIfNone } from '../groups/addable-users.ts';
import { askerOf, closed, groupParams, KeyHeader, memberParams, SkippedField, UsersField } from '../groups/fields.ts';
import { MemberCursorField } from '../groups/member-cursor.ts';
import { pageOfMembers } from '../groups/member-pages.ts';
import { shownUser, withProfiles } from '../groups/profiles-of.ts';
import { PageLimitField } from '../http/paging.ts';
import { BEARER, GROUP_PROBLEMS, MEMBER_PROBLEMS, NO_NUL, problems } from '../http/schemas.ts';

/** Who is in a group. */
export function groupMembers(app: ApiServer, context: ApiContext): void {
  const { groups: store, access, groupChanges } = context;
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
  app.post(
    '/api/groups/:conversationId/members',
    {
      schema: {
        operationId: 'addMembers',
        tags: ['groups'],
        summary: 'Add members',
        description: 'By those whom `settings.add` names: all of them, or nobody. Members stay as they are.',
        security: BEARER,
        headers: KeyHeader,
        params: groupParams,
        body: Type.Object({ users: UsersField }, { ...closed, examples: [{ users: ['bob', 'cat'] }] }),
        response: {
          200: Type.Object(
            { added: Type.Array(UserIdField), skipped: SkippedField },
            { description: 'Those who are members since this call.' },
          ),
          ...GROUP_PROBLEMS,
        },
      },
    },
    async (request) => {
      const { params, body } = request;
      const asker = askerOf(request);
      const users = [...new Set(body.users)].filter((userId) => userId !== asker.by);
      const terms = async () => {
        const found = await addingTerms(context, asker.by, users);
        refuseIfNone(found, users, 'users');
        return found;
      };
      const outcome = await groupChanges.apply({ change: 'add', ...params, details: { users } }, asker, terms);
      return { added: [...outcome.users], skipped: [...(outcome.skipped ?? [])] };
    },
  );
  app.delete(
    '/api/groups/:conversationId/members/:userId',
    {
      schema: {
        operationId: 'removeMember',
        tags: ['groups'],
        summary: 'Remove a member, or leave the group with your own id',
        description:
          'Admins remove members, and the owner admins too. Once this is answered, nothing of the group reaches the removed.',
        security: BEARER,
        headers: KeyHeader,
        params: memberParams,
        response: { 204: Type.Null({ description: 'Not a member.' }), ...GROUP_PROBLEMS },
      },
    },
    async (request, reply) => {
      const { conversationId, userId } = request.params;
      const asker = askerOf(request);
      if (userId === asker.by) await groupChanges.apply({ change: 'leave', conversationId, details: {} }, asker);
      else await groupChanges.apply({ change: 'remove', conversationId, details: { users: [userId] } }, asker);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/groups/:conversationId/leave',
    {
      schema: {
        operationId: 'leaveGroup',
        tags: ['groups'],
        summary: 'Leave a group',
        description:
          'The owner must transfer it before, unless nobody else is in it: then it is dissolved. A group that was dissolved is removed from the lists of whoever leaves it; nobody else is told.',
        security: BEARER,
        headers: KeyHeader,
        params: groupParams,
        response: { 204: Type.Null({ description: 'Left.' }), ...GROUP_PROBLEMS },
      },
    },
    async (request, reply) => {
      await groupChanges.apply({ change: 'leave', ...request.params, details: {} }, askerOf(request));
      return reply.code(204).send(null);
    },
  );
}

/** Errors: `not_allowed`. */
export function mustSeeMembers(allowed: 'all' | 'admins', role: Role): void {
  if (isAllowed(allowed, role)) return;
  throw new ImError('not_allowed', 'only admins of this group may see its members', { field: 'conversationId' });
}
