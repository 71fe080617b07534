import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { addingTerms, refuseIfNone } from '../groups/addable-users.ts';
import { askerOf, closed, groupParams, KeyHeader, memberParams, SkippedField, UsersField } from '../groups/fields.ts';
import { BEARER, GROUP_PROBLEMS } from '../http/schemas.ts';

/** Who is in a group. */
export function groupMembers(app: ApiServer, context: ApiContext): void {
  const { groupChanges } = context;
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
