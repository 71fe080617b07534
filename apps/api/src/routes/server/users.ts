import { defined } from '@chasqui/domain';
import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { pageOf, UserPageQuery } from '../../http/paging.ts';
import { API_KEY, BODY_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { changeProfile } from '../../people/profiles.ts';
import { ServerUser, userFields } from '../../server/fields.ts';
import { auditedByKey, changesOf, keptProfile, serverUsers, shownProfile } from '../../server/server-users.ts';

const closed = { additionalProperties: false };
const params = Type.Object({ userId: UserIdField });

/** Reads and changes users; see `create-user.ts`, `user-batch.ts` and `user-access.ts`. */
export function users(app: ApiServer, context: ApiContext): void {
  const { profiles } = context;
  app.get(
    '/api/server/users',
    {
      config: { scope: 'users:read' },
      schema: {
        operationId: 'serverListUsers',
        tags: ['server-api'],
        summary: 'All users with a profile, by their ids',
        security: API_KEY,
        querystring: UserPageQuery,
        response: {
          200: Type.Object(
            {
              users: Type.Array(ServerUser),
              nextAfter: Type.Optional({ ...UserIdField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of users.' },
          ),
          ...problems(...SERVER_PROBLEMS),
        },
      },
    },
    async ({ query: { after = '', limit = 50 } }) => {
      const { items, last } = pageOf(await profiles.page(after, limit + 1), limit);
      return { users: await serverUsers(context, items), ...defined({ nextAfter: last?.userId }) };
    },
  );
  app.get(
    '/api/server/users/:userId',
    {
      config: { scope: 'users:read' },
      schema: {
        operationId: 'serverReadUser',
        tags: ['server-api'],
        summary: 'A user',
        security: API_KEY,
        params,
        response: { 200: ServerUser, ...problems(...SERVER_PROBLEMS, 404) },
      },
    },
    async ({ params: { userId } }) => {
      const [user] = await serverUsers(context, [await shownProfile(context, userId)]);
      return user as NonNullable<typeof user>;
    },
  );
  app.patch(
    '/api/server/users/:userId',
    {
      config: { scope: 'users:write' },
      schema: {
        operationId: 'serverChangeUser',
        tags: ['server-api'],
        summary: "Change a user's name, picture, language, or whether they are a bot",
        description: 'Omitted fields keep their values.',
        security: API_KEY,
        params,
        body: Type.Object(userFields, { ...closed, minProperties: 1, examples: [{ displayName: 'Ana', bot: false }] }),
        response: { 200: ServerUser, ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS, 404, 422) },
      },
    },
    async ({ apiKey: { keyId }, params: { userId }, body }) => {
      await keptProfile(context, userId);
      const act = { keyId, action: 'change_user', target: userId } as const;
      const changed = await auditedByKey(context, act, () => changeProfile(context, userId, changesOf(body)));
      const [user] = await serverUsers(context, [changed]);
      return user as NonNullable<typeof user>;
    },
  );
}
