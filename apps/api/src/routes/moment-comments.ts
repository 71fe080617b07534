import { defined, ImError } from '@chasqui/domain';
import { MomentIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { PageLimitField, pageOf } from '../http/paging.ts';
import { BEARER, BODY_PROBLEMS, CHANGE_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { throttleMoments } from '../http/throttle.ts';
import { CommentBody, NewCommentBody } from '../moments/fields.ts';
import { tellAuthor } from '../moments/tell-author.ts';
import { noSuchMoment, visibleMoment, withoutBlocked } from '../moments/visible-moments.ts';

const params = Type.Object({ momentId: MomentIdField });

export function momentComments(app: ApiServer, context: ApiContext): void {
  const { momentReplies, momentIds, clock } = context;
  app.post(
    '/api/moments/:momentId/comments',
    {
      schema: {
        operationId: 'commentMoment',
        tags: ['moments'],
        summary: 'Comment on a moment',
        description: "The author gets an update in the author's inbox.",
        security: BEARER,
        params,
        body: NewCommentBody,
        response: {
          201: { ...CommentBody, description: 'Posted.' },
          ...problems(...BODY_PROBLEMS, 401, 404, 409, 422, 429),
        },
      },
    },
    async ({ userId, params: { momentId }, body: { text, clientCommentId } }, reply) => {
      if (text.trim() === '') throw new ImError('content_invalid', 'a comment must have text', { field: 'text' });
      await throttleMoments(context, userId, 'reply');
      await visibleMoment(context, userId, momentId);
      const commentId = momentIds.next();
      const kept = await momentReplies.comment({
        momentId,
        commentId,
        author: userId,
        clientCommentId: clientCommentId ?? commentId,
        text,
        at: clock.now(),
      });
      if (kept === null) throw noSuchMoment();
      const { comment, ...told } = kept;
      const { at } = comment;
      const update = {
        type: 'moment',
        momentId,
        event: 'comment',
        by: userId,
        commentId: comment.commentId,
        at,
      } as const;
      await tellAuthor(context, told, update);
      return reply.code(201).send({ commentId: comment.commentId, author: userId, text: comment.text, at });
    },
  );
  app.get(
    '/api/moments/:momentId/comments',
    {
      schema: {
        operationId: 'listComments',
        tags: ['moments'],
        summary: 'The comments on a moment, oldest first',
        description:
          'Comments of users whom you block or who block you are omitted, so a page may be shorter than its limit.',
        security: BEARER,
        params,
        querystring: Type.Object(
          {
            after: Type.Optional({
              ...MomentIdField,
              description: '`nextAfter` of the previous page: returns only later entries.',
            }),
            limit: Type.Optional(PageLimitField),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              comments: Type.Array(CommentBody),
              nextAfter: Type.Optional({ ...MomentIdField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of comments.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 404),
        },
      },
    },
    async ({ userId: viewer, params: { momentId }, query: { after, limit = 50 } }) => {
      await visibleMoment(context, viewer, momentId);
      const page = { ...defined({ after }), limit: limit + 1 };
      const { items, last } = pageOf(await momentReplies.comments(momentId, page), limit);
      const shown = await withoutBlocked(context, viewer, items, ({ author }) => author);
      return {
        comments: shown.map(({ commentId, author, text, at }) => ({ commentId, author, text, at })),
        ...defined({ nextAfter: last?.commentId }),
      };
    },
  );
  app.delete(
    '/api/moments/:momentId/comments/:commentId',
    {
      schema: {
        operationId: 'deleteComment',
        tags: ['moments'],
        summary: 'Delete a comment of yours, or any on your moment',
        security: BEARER,
        params: Type.Object({ momentId: MomentIdField, commentId: MomentIdField }),
        response: { 204: Type.Null({ description: 'Deleted.' }), ...problems(...CHANGE_PROBLEMS, 404) },
      },
    },
    async ({ userId, params: { momentId, commentId } }, reply) => {
      if (await momentReplies.removeComment(momentId, commentId, userId)) return reply.code(204).send(null);
      throw new ImError('not_found', 'there is no such comment, or it is not yours to delete', { field: 'commentId' });
    },
  );
}
