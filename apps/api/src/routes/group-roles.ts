import { SYSTEM_USER } from '@chasqui/domain';
import { RoleField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { askerOf, closed, groupParams, KeyHeader, memberParams } from '../groups/fields.ts';
import { BEARER, GROUP_PROBLEMS } from '../http/schemas.ts';

/** Who may do what in a group. */
export function groupRoles(app: ApiServer, { groupChanges, access }: ApiContext): void {
  app.put(
    '/api/groups/:conversationId/members/:userId/role',
    {
      schema: {
        operationId: 'setRole',
        tags: ['groups'],
        summary: 'Make a member an admin, or an admin a member, by the owner',
        security: BEARER,
        headers: KeyHeader,
        params: memberParams,
        body: Type.Object(
          { role: Type.Unsafe<'admin' | 'member'>({ ...RoleField, enum: ['admin', 'member'] }) },
          { ...closed, examples: [{ role: 'admin' }] },
        ),
        response: { 204: Type.Null({ description: 'The member has this role.' }), ...GROUP_PROBLEMS },
      },
    },
    async (request, reply) => {
      const { conversationId, userId } = request.params;
      const details = { userId, role: request.body.role };
      await groupChanges.apply({ change: 'role', conversationId, details }, askerOf(request));
      return reply.code(204).send(null);
    },
  );
  app.put(
    '/api/groups/:conversationId/members/:userId/mute',
    {
      schema: {
        operationId: 'muteMember',
        tags: ['groups'],
        summary: 'Forbid a member to post until a time, by an admin',
        security: BEARER,
        headers: KeyHeader,
        params: memberParams,
        body: Type.Object(
          { until: { ...TimeField, description: 'Unix time in milliseconds; 0: the member may post again.' } },
          { ...closed, examples: [{ until: 0 }] },
        ),
        response: { 204: Type.Null({ description: 'Muted until then.' }), ...GROUP_PROBLEMS },
      },
    },
    async (request, reply) => {
      const { conversationId, userId } = request.params;
      const details = { userId, until: request.body.until };
      await groupChanges.apply({ change: 'mute', conversationId, details }, askerOf(request));
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/groups/:conversationId/transfer',
    {
      schema: {
        operationId: 'transferGroup',
        tags: ['groups'],
        summary: 'Make another member the owner, by the owner, who becomes an admin',
        security: BEARER,
        headers: KeyHeader,
        params: groupParams,
        body: Type.Object({ userId: UserIdField }, { ...closed, examples: [{ userId: 'bob' }] }),
        response: { 204: Type.Null({ description: 'Transferred.' }), ...GROUP_PROBLEMS },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const asker = askerOf(request);
      // The system transfers it in the name of its owner.
      const by =
        asker.by === SYSTEM_USER ? (await access.groupOf(params.conversationId, SYSTEM_USER)).group.owner : asker.by;
      await groupChanges.apply({ change: 'transfer', ...params, details: body }, { ...asker, by });
      return reply.code(204).send(null);
    },
  );
}
