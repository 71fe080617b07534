import { defined, ImError, PEOPLE_LIMITS, type Profile } from '@chasqui/domain';
import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, NO_NUL, problems } from '../http/schemas.ts';
import { PublicProfile } from '../people/profile-fields.ts';
import { knownProfile } from '../people/profiles.ts';
import { seenBy } from '../people/visibility.ts';

const Found = Type.Object({ userId: UserIdField, displayName: Type.String(), avatar: Type.String() });

/** Users who are asked for by their ids at a time. */
const MAX_IDS = 50;
const ID = '[A-Za-z0-9._@+:|-]{1,64}';

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
        summary: 'Find users by name or id, or look up some of them',
        description:
          'Finds users whose name or id has, for each word of `q`, a word that begins with it; Chinese, Japanese and Korean names by any part. There is only one page: use a more specific query. With `ids` in place of `q`, the profiles of these users, in any order; those without one are left out.',
        security: BEARER,
        querystring: Type.Object(
          {
            q: Type.Optional(Type.String({ minLength: 1, maxLength: 64, ...NO_NUL, examples: ['bo'] })),
            ids: Type.Optional(
              Type.String({
                pattern: `^${ID}(?:,${ID}){0,${MAX_IDS - 1}}$`,
                'x-rule': `be at most ${MAX_IDS} user ids with commas between them`,
                description: `At most ${MAX_IDS} user ids with commas between them.`,
              }),
            ),
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
    async ({ query: { q, ids, limit = 20 } }) => {
      if ((q === undefined) === (ids === undefined)) {
        throw new ImError('invalid_request', 'either q or ids must be given', { field: 'q' });
      }
      const found = ids === undefined ? context.profiles.search(q ?? '', limit) : context.profiles.get(unique(ids));
      const known = (await found).filter((profile): profile is Profile => profile !== null);
      return { users: known.map(({ userId, displayName, avatar }) => ({ userId, displayName, avatar })) };
    },
  );
}

function unique(ids: string): string[] {
  return [...new Set(ids.split(','))];
}
