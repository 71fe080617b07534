import { defined } from '@chasqui/domain';
import { MomentIdField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { PageLimitField, pageOf } from '../http/paging.ts';
import { BEARER, CHANGE_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { MomentBody, momentBody } from '../moments/fields.ts';
import { feedOf, momentsOf, noSuchMoment, visibleMoment } from '../moments/visible-moments.ts';

const params = Type.Object({ momentId: MomentIdField });

/** Routes to list, read and delete moments. */
export function moments(app: ApiServer, context: ApiContext): void {
  const { moments, momentReplies } = context;
  app.get(
    '/api/moments',
    {
      schema: {
        operationId: 'readMoments',
        tags: ['moments'],
        summary: 'The feed: your moments and those of your contacts, newest first',
        security: BEARER,
        querystring: Type.Object(
          {
            author: Type.Optional({ ...UserIdField, description: 'Only moments of this user: you or a contact.' }),
            before: Type.Optional({
              ...MomentIdField,
              description: '`nextBefore` of the previous page: returns only older entries.',
            }),
            limit: Type.Optional(PageLimitField),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              moments: Type.Array(MomentBody),
              nextBefore: Type.Optional({ ...MomentIdField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of moments.' },
          ),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async ({ userId, query: { author, before, limit = 50 } }) => {
      const page = { ...defined({ before }), limit: limit + 1 };
      const found = await (author === undefined
        ? feedOf(context, userId, page)
        : momentsOf(context, userId, author, page));
      const { items, last } = pageOf(found, limit);
      const liked = await momentReplies.liked(
        userId,
        items.map(({ momentId }) => momentId),
      );
      return {
        moments: items.map((moment, i) => momentBody(moment, userId, liked[i] ?? false)),
        ...defined({ nextBefore: last?.momentId }),
      };
    },
  );
  app.get(
    '/api/moments/:momentId',
    {
      schema: {
        operationId: 'readMoment',
        tags: ['moments'],
        summary: 'One moment',
        security: BEARER,
        params,
        response: { 200: MomentBody, ...problems(...MEMBER_PROBLEMS, 404) },
      },
    },
    async ({ userId, params: { momentId } }) => {
      const moment = await visibleMoment(context, userId, momentId);
      const [liked = false] = await momentReplies.liked(userId, [momentId]);
      return momentBody(moment, userId, liked);
    },
  );
  app.delete(
    '/api/moments/:momentId',
    {
      schema: {
        operationId: 'deleteMoment',
        tags: ['moments'],
        summary: 'Delete a moment of yours, with its likes, comments and pictures',
        security: BEARER,
        params,
        response: { 204: Type.Null({ description: 'Deleted.' }), ...problems(...CHANGE_PROBLEMS, 404) },
      },
    },
    async ({ userId, params: { momentId } }, reply) => {
      if (!(await moments.remove(userId, momentId))) throw noSuchMoment();
      return reply.code(204).send(null);
    },
  );
}
