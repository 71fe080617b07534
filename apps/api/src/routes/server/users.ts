import { defined, ImError } from '@chasqui/domain';
import { TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { API_KEY, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { profileOf } from '../../people/profiles.ts';

const ServerUser = Type.Object(
  {
    userId: UserIdField,
    displayName: Type.String(),
    avatar: Type.String(),
    registeredAt: Type.Optional({ ...TimeField, description: 'Absent: the user has no password here.' }),
    disabledAt: Type.Optional({ ...TimeField, description: 'Absent: the user is not disabled.' }),
  },
  { description: 'A user, as the host application sees them.' },
);

export function serverUsers(app: ApiServer, context: ApiContext): void {
  const { users, revocations } = context;
  app.get(
    '/api/server/users/:userId',
    {
      config: { scope: 'users:read' },
      schema: {
        operationId: 'serverReadUser',
        tags: ['server-api'],
        summary: 'A user',
        security: API_KEY,
        params: Type.Object({ userId: UserIdField }),
        response: { 200: ServerUser, ...problems(...SERVER_PROBLEMS, 404) },
      },
    },
    async ({ params: { userId } }) => {
      const [profile, account, [disabledAt = null]] = await Promise.all([
        profileOf(context, userId),
        users.get(userId),
        revocations.disabled([userId]),
      ]);
      if (profile === null) throw new ImError('not_found', 'there is no such user', { field: 'userId' });
      const { displayName, avatar } = profile;
      const times = { registeredAt: account?.createdAt, disabledAt: disabledAt ?? undefined };
      return { userId, displayName, avatar, ...defined(times) };
    },
  );
}
