import { ImError, type UserId } from '@chasqui/domain';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, BODY_PROBLEMS, problems } from '../http/schemas.ts';
import { throttleMoments } from '../http/throttle.ts';
import { MomentBody, momentBody, NewMomentBody } from '../moments/fields.ts';

export function momentPost(app: ApiServer, context: ApiContext): void {
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
}

/** Errors: `recipient_invalid`. */
async function mustBeContacts({ contacts }: ApiContext, userId: UserId, chosen: readonly UserId[]): Promise<void> {
  const states = await contacts.states(userId, chosen);
  if (states.every((state) => state === 'contact')) return;
  throw new ImError('recipient_invalid', 'only your contacts can be chosen', { field: 'chosen' });
}
