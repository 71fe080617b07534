import { defined, ImError, type UserId } from '@chasqui/domain';
import { TimeField, UserCursorField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { PageLimitField, pageOf } from '../http/paging.ts';
import { BEARER, CHANGE_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { ContactStateField } from '../people/fields.ts';

const Contact = Type.Object({ userId: UserIdField, state: ContactStateField, at: TimeField });
const params = Type.Object({ userId: UserIdField });

export function contacts(app: ApiServer, { contacts, blocks, clock, settings, relationNotices }: ApiContext): void {
  app.get(
    '/api/contacts',
    {
      schema: {
        operationId: 'listContacts',
        tags: ['people'],
        summary: "The user's contacts and requests, by user id",
        security: BEARER,
        querystring: Type.Object(
          {
            state: Type.Optional(ContactStateField),
            cursor: Type.Optional(UserCursorField),
            limit: Type.Optional(PageLimitField),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              contacts: Type.Array(Contact),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of contacts.' },
          ),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async ({ userId, query: { state, cursor, limit = 50 } }) => {
      const after = defined({ after: cursor });
      const rows = await contacts.list(userId, { ...after, ...(state && { state }), limit: limit + 1 });
      const { items, last } = pageOf(rows, limit);
      return {
        contacts: items.map(({ other, state, at }) => ({ userId: other, state, at })),
        ...defined({ nextCursor: last?.other }),
      };
    },
  );
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
      if (!(await contacts.accept(userId, params.userId, clock.now()))) throw absent();
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
      if ((await contacts.remove(userId, params.userId, 'incoming')) === null) throw absent();
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/contacts/:userId',
    {
      schema: {
        operationId: 'removeContact',
        tags: ['people'],
        summary: 'Remove a contact or withdraw a request',
        security: BEARER,
        params,
        response: { 204: Type.Null({ description: 'Deleted for both users.' }), ...problems(...CHANGE_PROBLEMS, 404) },
      },
    },
    async ({ userId, params }, reply) => {
      if ((await contacts.remove(userId, params.userId)) === null) throw absent();
      await relationNotices.changed(userId, params.userId);
      return reply.code(204).send(null);
    },
  );
}

/** Errors: `recipient_invalid` if it is the user's own id. */
export function another(userId: UserId, other: UserId): UserId {
  if (userId !== other) return other;
  throw new ImError('recipient_invalid', 'this is your own user id', { field: 'userId' });
}

function absent(): ImError {
  return new ImError('not_found', 'there is no such contact or request', { field: 'userId' });
}
