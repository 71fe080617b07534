import { defined, ImError, type UserId } from '@chasqui/domain';
import { MomentIdField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { PageLimitField, pageOf } from '../http/paging.ts';
import { BEARER, BODY_PROBLEMS, CHANGE_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { throttleMoments } from '../http/throttle.ts';
import { MomentBody, momentBody, NewMomentBody } from '../moments/fields.ts';
import { feedOf, momentsOf, noSuchMoment, visibleMoment } from '../moments/visible-moments.ts';

const params = Type.Object({ momentId: MomentIdField });

/** Routes to post, list, read and delete moments. */
export function moments(app: ApiServer, context: ApiContext): void {
  const { moments, momentReplies, momentIds, clock } = context;
  app.post(
    '/api/moments',
    {
      schema: {
        operationId: 'postMoment',
        tags: ['moments'],
        summary: 'Post text and pictures for all or some of your contacts',
        security: BEARER,
        body: NewMomentBody,
        response: {
          201: { ...MomentBody, description: 'Posted.' },
          ...problems(...BODY_PROBLEMS, 401, 404, 409, 422, 429),
        },
      },
    },
    async ({ userId, body }, reply) => {
      const { text = '', pictures = [], chosen, clientMomentId } = body;
      if (text.trim() === '' && pictures.length === 0) {
        throw new ImError('content_invalid', 'a moment must have text or pictures', { field: 'text' });
      }
      await throttleMoments(context, userId, 'moment');
      if (chosen !== undefined) await mustBeContacts(context, userId, chosen);
      const momentId = momentIds.next();
      const moment = await moments.post({
        momentId,
        author: userId,
        clientMomentId: clientMomentId ?? momentId,
        text,
        pictureIds: pictures,
        chosen: chosen ?? null,
        at: clock.now(),
      });
      const [liked = false] = await momentReplies.liked(userId, [moment.momentId]);
      return reply.code(201).send(momentBody(moment, userId, liked));
    },
  );
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

/** Errors: `recipient_invalid`. */
async function mustBeContacts({ contacts }: ApiContext, userId: UserId, chosen: readonly UserId[]): Promise<void> {
  const states = await contacts.states(userId, chosen);
  if (states.every((state) => state === 'contact')) return;
  throw new ImError('recipient_invalid', 'only your contacts can be chosen', { field: 'chosen' });
}
