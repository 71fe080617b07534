import { ImError } from '@chasqui/domain';
import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, CHANGE_PROBLEMS, problems } from '../http/schemas.ts';
import { ContactStateField } from '../people/fields.ts';
import { another, noSuchRelation } from '../people/relation-faults.ts';

const params = Type.Object({ userId: UserIdField });

/** Contact requests and their answers. */
export function contactRequests(
  app: ApiServer,
  { contacts, blocks, clock, settings, relationNotices }: ApiContext,
): void {
  app.put(
    '/api/contacts/:userId',
    {
      schema: {
        operationId: 'requestContact',
        tags: ['people'],
        summary: 'Send a contact request',
        description:
          'If the other user has already asked, you are contacts now. A repetition changes nothing. A request can expire unanswered if very many others arrive; it can be sent again.',
        security: BEARER,
        params,
        response: {
          200: Type.Object({ state: ContactStateField }, { description: 'The relation of the two users now.' }),
          ...problems(...CHANGE_PROBLEMS, 403, 404, 409, 422),
        },
      },
    },
    async ({ userId, params }) => {
      const state = await contacts.request(userId, another(userId, params.userId), clock.now());
      if (state === 'contact') await relationNotices.changed(userId, params.userId);
      if (state !== 'blocked') return { state };
      const [own] = await blocks.blocked([{ userId, other: params.userId }]);
      // The answer of a pending request, of which nothing is stored.
      if (settings.blockedSenders === 'silence' && !own) return { state: 'outgoing' as const };
      throw new ImError('blocked', 'one of you blocks the other', { field: 'userId' });
    },
  );
  app.post(
    '/api/contacts/:userId/accept',
    {
      schema: {
        operationId: 'acceptContact',
        tags: ['people'],
        summary: 'Accept a request',
        security: BEARER,
        params,
        response: {
          204: Type.Null({ description: 'The users are contacts.' }),
          ...problems(...CHANGE_PROBLEMS, 404, 409),
        },
      },
    },
    async ({ userId, params }, reply) => {
      if (!(await contacts.accept(userId, params.userId, clock.now()))) throw noSuchRelation();
      await relationNotices.changed(userId, params.userId);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/contacts/:userId/decline',
    {
      schema: {
        operationId: 'declineContact',
        tags: ['people'],
        summary: 'Decline a request',
        security: BEARER,
        params,
        response: { 204: Type.Null({ description: 'Deleted.' }), ...problems(...CHANGE_PROBLEMS, 404) },
      },
    },
    async ({ userId, params }, reply) => {
      if ((await contacts.remove(userId, params.userId, 'incoming')) === null) throw noSuchRelation();
      return reply.code(204).send(null);
    },
  );
}
