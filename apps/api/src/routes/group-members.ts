import {
  defined,
  ImError,
  isAllowed,
  MAX_CHANGED_USERS,
  ROLES,
  type Role,
  STORED_USER_ID_PATTERN,
} from '@chasqui/domain';
import { RoleField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { addableUsers, refuseIfNone } from '../groups/addable-users.ts';
import { askerOf, closed, groupParams, KeyHeader, memberParams, SkippedField, UsersField } from '../groups/fields.ts';
import { keyOfPart } from '../groups/group-changes.ts';
import { shownUser, withProfiles } from '../groups/profiles-of.ts';
import { PageLimitField, pageOf } from '../http/paging.ts';
import { BEARER, GROUP_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';

/** The last member of a page: role and id. */
const CursorField = Type.String({
  pattern: `^(?:${ROLES.join('|')})\\.${STORED_USER_ID_PATTERN.slice(1)}`,
  'x-rule': 'be `nextCursor` of the page before',
  description: '`nextCursor` of the previous page.',
});

/** Who is in a group. */
export function groupMembers(app: ApiServer, context: ApiContext): void {
  const { groups: store, access, groupChanges } = context;
  app.get(
    '/api/groups/:conversationId/members',
    {
      schema: {
        operationId: 'listMembers',
        tags: ['groups'],
        summary: 'The members of a group: owner, admins, others, each by user id',
        description: 'For those whom `settings.seeMembers` names.',
        security: BEARER,
        params: groupParams,
        querystring: Type.Object(
          {
            role: Type.Optional(RoleField),
            cursor: Type.Optional(CursorField),
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
    async ({ userId: asker, params: { conversationId }, query: { role, cursor, limit = 50 } }) => {
      const { group, member } = await access.groupOf(conversationId, asker);
      mustSeeMembers(group.settings.seeMembers, member.role);
      const after = memberPlace(cursor);
      const found = await store.page(conversationId, { ...defined({ role, after }), limit: limit + 1 });
      const { items, last } = pageOf(found, limit);
      const members = items.map(({ userId, role, joinedAt, mutedUntil }) => ({
        userId,
        role,
        joinedAt,
        ...defined({ mutedUntil: mutedUntil || undefined }),
      }));
      return {
        members: await withProfiles(context, members),
        ...defined({ nextCursor: last && `${last.role}.${last.userId}` }),
      };
    },
  );
  app.post(
    '/api/groups/:conversationId/members',
    {
      schema: {
        operationId: 'addMembers',
        tags: ['groups'],
        summary: 'Add members',
        description:
          'By those whom `settings.add` names. Members stay as they are. More than 500 are added in two parts: if the second is refused, the first stays.',
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
      const { params, userId, body } = request;
      const { by, key } = askerOf(request);
      await access.mustBelong(params.conversationId, userId);
      const addable = await addableUsers(context, by, body.users);
      refuseIfNone(addable, 'users');
      const added: string[] = [];
      for (let part = 0; part * MAX_CHANGED_USERS < addable.users.length; part++) {
        const users = addable.users.slice(part * MAX_CHANGED_USERS, (part + 1) * MAX_CHANGED_USERS);
        const asker = { by, key: keyOfPart(key, part) };
        const outcome = await groupChanges.apply({ change: 'add', ...params, details: { users } }, asker);
        added.push(...outcome.users);
      }
      return { added, skipped: addable.skipped };
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
        description: 'The owner must transfer it before, unless nobody else is in it: then it is dissolved.',
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

function memberPlace(cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  const dot = cursor.indexOf('.');
  return { role: cursor.slice(0, dot) as Role, userId: cursor.slice(dot + 1) };
}
