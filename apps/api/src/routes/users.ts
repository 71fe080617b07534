import { ImError } from '@chasqui/domain';
import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';

const User = Type.Object(
  { userId: UserIdField, displayName: Type.String() },
  { description: 'What others see of a user.' },
);

export function users(app: ApiServer, { users }: ApiContext): void {
  app.get(
    '/api/users/me',
    {
      schema: {
        operationId: 'readMe',
        tags: ['users'],
        summary: 'Who asks',
        description: "A user of the host application's who is not registered here is shown by the id.",
        security: BEARER,
        response: { 200: User, ...problems(...MEMBER_PROBLEMS) },
      },
    },
    async ({ userId }) => ({ userId, displayName: (await users.get(userId))?.displayName ?? userId }),
  );
  app.get(
    '/api/users/:userId',
    {
      schema: {
        operationId: 'readUser',
        tags: ['users'],
        summary: 'A registered user',
        security: BEARER,
        params: Type.Object({ userId: UserIdField }),
        response: { 200: User, ...problems(...MEMBER_PROBLEMS, 404) },
      },
    },
    async ({ params }) => {
      const user = await users.get(params.userId);
      if (user === null) throw new ImError('not_found', 'there is no such user', { field: 'userId' });
      return { userId: user.userId, displayName: user.displayName };
    },
  );
}
