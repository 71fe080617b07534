import { ImError } from '@chasqui/domain';
import { DeviceIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { ADMIN_CHANGE_PROBLEMS, ADMIN_PROBLEMS, BEARER, problems } from '../../http/schemas.ts';
import { disableUser, enableUser } from '../../people/disable-user.ts';
import { another } from '../../people/relation-faults.ts';

const params = Type.Object({ userId: UserIdField });

const Account = Type.Object(
  {
    userId: UserIdField,
    registeredAt: Type.Optional({
      ...TimeField,
      description: 'Absent for users of the host application and for unknown users.',
    }),
    disabledAt: Type.Optional({ ...TimeField, description: 'Absent if the user is not disabled.' }),
    sessions: Type.Optional(
      Type.Array(
        Type.Object({ deviceId: DeviceIdField, platform: Type.String(), nodeId: Type.String(), since: TimeField }),
        { description: 'Absent if currently unknown.' },
      ),
    ),
  },
  { description: 'The account, without any messages.' },
);

/** What an operator sees of an account and does to it. Each act is written to the audit log before it is done. */
export function accounts(app: ApiServer, context: ApiContext): void {
  const { users, revocations, presence, sessionEnder, auditTrail } = context;
  app.get(
    '/api/admin/users/:userId',
    {
      schema: {
        operationId: 'readAccount',
        tags: ['admin'],
        summary: 'An account and its sessions',
        security: BEARER,
        params,
        response: { 200: Account, ...problems(...ADMIN_PROBLEMS, 404) },
      },
    },
    ({ userId: actor, params: { userId } }) =>
      auditTrail.record({ actor, action: 'read_user', target: userId }, async () => {
        const [user, [disabledAt = null], found] = await Promise.all([
          users.get(userId),
          revocations.disabled([userId]),
          presence.lookup([userId]).catch(() => undefined),
        ]);
        return {
          userId,
          ...(user === null ? {} : { registeredAt: user.createdAt }),
          ...(disabledAt === null ? {} : { disabledAt }),
          ...(found === undefined
            ? {}
            : {
                sessions: (found[0] ?? []).map(({ deviceId, platform, nodeId, since }) => ({
                  deviceId,
                  platform,
                  nodeId,
                  since,
                })),
              }),
        };
      }),
  );
  app.delete(
    '/api/admin/users/:userId/sessions',
    {
      schema: {
        operationId: 'endSessions',
        tags: ['admin'],
        summary: 'Log a user out everywhere',
        description: 'Closes every connection and refuses every token that was issued before.',
        security: BEARER,
        params,
        response: {
          204: Type.Null({ description: 'All sessions have ended.' }),
          ...problems(...ADMIN_CHANGE_PROBLEMS, 404),
        },
      },
    },
    async ({ userId: actor, params: { userId } }, reply) => {
      await auditTrail.record({ actor, action: 'end_sessions', target: userId }, () => sessionEnder.endAll(userId));
      return reply.code(204).send(null);
    },
  );
  app.put(
    '/api/admin/users/:userId/disabled',
    {
      schema: {
        operationId: 'disableUser',
        tags: ['admin'],
        summary: 'Disable a user',
        description: 'Closes every connection and refuses every token, old and new, until the user is enabled.',
        security: BEARER,
        params,
        response: { 204: Type.Null({ description: 'Disabled.' }), ...problems(...ADMIN_CHANGE_PROBLEMS, 404, 422) },
      },
    },
    async ({ userId: actor, params: { userId } }, reply) => {
      another(actor, userId);
      await auditTrail.record({ actor, action: 'disable_user', target: userId }, () => disableUser(context, userId));
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/admin/users/:userId/disabled',
    {
      schema: {
        operationId: 'enableUser',
        tags: ['admin'],
        summary: 'Enable a user',
        security: BEARER,
        params,
        response: { 204: Type.Null({ description: 'Enabled.' }), ...problems(...ADMIN_CHANGE_PROBLEMS, 404, 409) },
      },
    },
    async ({ userId: actor, params: { userId } }, reply) => {
      await auditTrail.record({ actor, action: 'enable_user', target: userId }, async () => {
        if (!(await enableUser(context, userId))) {
          throw new ImError('not_found', 'there is no such disabled user', { field: 'userId' });
        }
      });
      return reply.code(204).send(null);
    },
  );
}
