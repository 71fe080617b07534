import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { API_KEY, CHANGE_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { disableUser, enableUser } from '../../people/disable-user.ts';
import { auditedByKey } from '../../server/server-users.ts';

const params = Type.Object({ userId: UserIdField });
const response = { 204: Type.Null({ description: 'Done.' }), ...problems(...SERVER_PROBLEMS, ...CHANGE_PROBLEMS) };

/** Whether a user may come in, and their sessions. Each call may be repeated. */
export function userAccess(app: ApiServer, context: ApiContext): void {
  const { sessionEnder } = context;
  const common = { tags: ['server-api'], security: API_KEY, params, response };
  app.put(
    '/api/server/users/:userId/disabled',
    {
      config: { scope: 'users:write' },
      schema: {
        operationId: 'serverDisableUser',
        summary: 'Disable a user',
        description: 'Closes every connection and refuses every token, old and new, until the user is enabled.',
        ...common,
      },
    },
    async ({ apiKey: { keyId }, params: { userId } }, reply) => {
      const act = { keyId, action: 'disable_user', target: userId } as const;
      await auditedByKey(context, act, () => disableUser(context, userId));
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/server/users/:userId/disabled',
    {
      config: { scope: 'users:write' },
      schema: {
        operationId: 'serverEnableUser',
        summary: 'Enable a user',
        ...common,
        response: { ...response, ...problems(409) },
      },
    },
    async ({ apiKey: { keyId }, params: { userId } }, reply) => {
      const act = { keyId, action: 'enable_user', target: userId } as const;
      await auditedByKey(context, act, () => enableUser(context, userId));
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/server/users/:userId/sessions',
    {
      config: { scope: 'users:write' },
      schema: {
        operationId: 'serverEndSessions',
        summary: 'Log a user out everywhere',
        description: 'Closes every connection and refuses every token that was issued before.',
        ...common,
      },
    },
    async ({ apiKey: { keyId }, params: { userId } }, reply) => {
      const act = { keyId, action: 'end_sessions', target: userId } as const;
      await auditedByKey(context, act, () => sessionEnder.endAll(userId));
      return reply.code(204).send(null);
    },
  );
}
