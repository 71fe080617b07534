import { defined } from '@chasqui/domain';
import { TimeField, UserCursorField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { PageLimitField, pageOf } from '../http/paging.ts';
import { BEARER, CHANGE_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { another } from '../people/relation-faults.ts';

const params = Type.Object({ userId: UserIdField });

export function blocks(app: ApiServer, { blocks, clock, relationNotices }: ApiContext): void {
  app.get(
    '/api/blocks',
    {
      schema: {
        operationId: 'listBlocks',
        tags: ['people'],
        summary: 'The users whom the caller blocks, by user id',
        security: BEARER,
        querystring: Type.Object(
          {
            cursor: Type.Optional(UserCursorField),
            limit: Type.Optional(PageLimitField),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              blocks: Type.Array(Type.Object({ userId: UserIdField, at: TimeField })),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of blocks.' },
          ),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async ({ userId, query: { cursor, limit = 50 } }) => {
      const rows = await blocks.list(userId, { ...(cursor && { after: cursor }), limit: limit + 1 });
      const { items, last } = pageOf(rows, limit);
      return {
        blocks: items.map(({ other, at }) => ({ userId: other, at })),
        ...defined({ nextCursor: last?.other }),
      };
    },
  );
  app.put(
    '/api/blocks/:userId',
    {
      schema: {
        operationId: 'block',
        tags: ['people'],
        summary: 'Block a user',
        description:
          'Ends a contact, and hides your presence from the blocked user. Neither user can send the other messages or contact requests.',
        security: BEARER,
        params,
        response: { 204: Type.Null({ description: 'Blocked.' }), ...problems(...CHANGE_PROBLEMS, 404, 409, 422) },
      },
    },
    async ({ userId, params }, reply) => {
      await blocks.block(userId, another(userId, params.userId), clock.now());
      await relationNotices.changed(userId, params.userId);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/blocks/:userId',
    {
      schema: {
        operationId: 'unblock',
        tags: ['people'],
        summary: 'Lift a block',
        security: BEARER,
        params,
        response: { 204: Type.Null({ description: 'Not blocked.' }), ...problems(...CHANGE_PROBLEMS, 404) },
      },
    },
    async ({ userId, params }, reply) => {
      await blocks.unblock(userId, params.userId);
      await relationNotices.changed(userId);
      return reply.code(204).send(null);
    },
  );
}
