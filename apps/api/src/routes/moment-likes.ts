import { defined } from '@chasqui/domain';
import { MomentIdField, TimeField, UserCursorField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { PageLimitField, pageOf } from '../http/paging.ts';
import { BEARER, CHANGE_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { throttleMoments } from '../http/throttle.ts';
import { tellAuthor } from '../moments/tell-author.ts';
import { noSuchMoment, visibleMoment, withoutBlocked } from '../moments/visible-moments.ts';

const params = Type.Object({ momentId: MomentIdField });

export function momentLikes(app: ApiServer, context: ApiContext): void {
  const { momentReplies, clock } = context;
  app.put(
    '/api/moments/:momentId/like',
    {
      schema: {
        operationId: 'likeMoment',
        tags: ['moments'],
        summary: 'Like a moment',
        description:
          "The author gets an update in the author's inbox at a user's first like. A repetition changes nothing.",
        security: BEARER,
        params,
        response: { 204: Type.Null({ description: 'Liked.' }), ...problems(...CHANGE_PROBLEMS, 404, 409, 429) },
      },
    },
    async ({ userId, params: { momentId } }, reply) => {
      await throttleMoments(context, userId, 'reply');
      await visibleMoment(context, userId, momentId);
      const at = clock.now();
      const told = await momentReplies.like(momentId, userId, at);
      if (told === null) throw noSuchMoment();
      await tellAuthor(context, told, { type: 'moment', momentId, event: 'like', by: userId, at });
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/moments/:momentId/like',
    {
      schema: {
        operationId: 'unlikeMoment',
        tags: ['moments'],
        summary: 'Withdraw a like',
        security: BEARER,
        params,
        response: { 204: Type.Null({ description: 'Not liked.' }), ...problems(...CHANGE_PROBLEMS) },
      },
    },
    async ({ userId, params: { momentId } }, reply) => {
      await momentReplies.unlike(momentId, userId);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/moments/:momentId/likes',
    {
      schema: {
        operationId: 'listLikes',
        tags: ['moments'],
        summary: 'Who likes a moment, by user id',
        description: 'Users whom you block or who block you are omitted, so a page may be shorter than its limit.',
        security: BEARER,
        params,
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
              likes: Type.Array(Type.Object({ userId: UserIdField, at: TimeField })),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of likes.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 404),
        },
      },
    },
    async ({ userId: viewer, params: { momentId }, query: { cursor, limit = 50 } }) => {
      await visibleMoment(context, viewer, momentId);
      const after = defined({ after: cursor });
      const { items, last } = pageOf(await momentReplies.likes(momentId, { ...after, limit: limit + 1 }), limit);
      return {
        likes: await withoutBlocked(context, viewer, items, ({ userId }) => userId),
        ...defined({ nextCursor: last?.userId }),
      };
    },
  );
}
