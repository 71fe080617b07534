import { defined, PEOPLE_LIMITS } from '@chasqui/domain';
import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, NO_NUL, problems } from '../http/schemas.ts';
import { PublicProfile } from '../people/fields.ts';
import { knownProfile } from '../people/profiles.ts';
import { seenBy } from '../people/visibility.ts';

const Found = Type.Object({ userId: UserIdField, displayName: Type.String(), avatar: Type.String() });

export function users(app: ApiServer, context: ApiContext): void {
  app.get(
    '/api/users/:userId',
    {
      schema: {
        operationId: 'readUser',
        tags: ['users'],
        summary: 'A user, as the caller may see them',
        security: BEARER,
        params: Type.Object({ userId: UserIdField }),
        response: { 200: PublicProfile, ...problems(...MEMBER_PROBLEMS, 404) },
      },
    },
    async ({ params, userId: asker }) => {
      const profile = await knownProfile(context, params.userId);
      const { userId, displayName, avatar, bot } = profile;
      return { userId, displayName, avatar, ...defined({ bot }), ...(await seenBy(context, asker, profile)) };
    },
  );
  app.get(
    '/api/users',
    {
      schema: {
        operationId: 'searchUsers',
        tags: ['users'],
        summary: 'Find users by name or id',
        description:
          'Finds users whose name or id has, for each word of `q`, a word that begins with it; Chinese, Japanese and Korean names by any part. There is only one page: use a more specific query.',
        security: BEARER,
        querystring: Type.Object(
          {
            q: Type.String({ minLength: 1, maxLength: 64, ...NO_NUL }),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PEOPLE_LIMITS.maxUsersFound })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ users: Type.Array(Found) }, { description: 'The users found.' }),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async ({ query: { q, limit = 20 } }) => {
      const found = await context.profiles.search(q, limit);
      return { users: found.map(({ userId, displayName, avatar }) => ({ userId, displayName, avatar })) };
    },
  );
}
