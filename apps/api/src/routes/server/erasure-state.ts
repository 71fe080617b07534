import { defined, ImError } from '@chasqui/domain';
import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { ErasureBody, shownErasure } from '../../erasure/erasure-body.ts';
import { pageOf, UserPageQuery } from '../../http/paging.ts';
import { API_KEY, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';

const params = Type.Object({ userId: UserIdField });

/** How far erasures are. */
export function erasureState(app: ApiServer, context: ApiContext): void {
  const common = { tags: ['server-api'], security: API_KEY };
  app.get(
    '/api/server/users/:userId/erasure',
    {
      config: { scope: 'users:erase' },
      schema: {
        operationId: 'serverReadErasure',
        summary: 'How far the erasure of a user is',
        ...common,
        params,
        response: { 200: ErasureBody, ...problems(...SERVER_PROBLEMS, 404) },
      },
    },
    async ({ params: { userId } }) => {
      const [erasure = null] = await context.erasures.get([userId]);
      if (erasure !== null) return shownErasure(erasure);
      throw new ImError('not_found', 'nobody asked to erase this user', { field: 'userId' });
    },
  );
  app.get(
    '/api/server/erasures',
    {
      config: { scope: 'users:erase' },
      schema: {
        operationId: 'serverListErasures',
        summary: 'All erasures, by the ids of the users',
        description: 'To be kept beside backups: what a backup brings back must be erased again.',
        ...common,
        querystring: UserPageQuery,
        response: {
          200: Type.Object(
            {
              erasures: Type.Array(ErasureBody),
              nextAfter: Type.Optional({ ...UserIdField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of erasures.' },
          ),
          ...problems(...SERVER_PROBLEMS),
        },
      },
    },
    async ({ query: { after = '', limit = 50 } }) => {
      const { items, last } = pageOf(await context.erasures.page(after, limit + 1), limit);
      return { erasures: items.map(shownErasure), ...defined({ nextAfter: last?.userId }) };
    },
  );
}
