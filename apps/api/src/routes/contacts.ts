import { defined } from '@chasqui/domain';
import { TimeField, UserCursorField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { PageLimitField, pageOf } from '../http/paging.ts';
import { BEARER, CHANGE_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { ContactStateField } from '../people/fields.ts';
import { noSuchRelation } from '../people/relation-faults.ts';

const Contact = Type.Object({ userId: UserIdField, state: ContactStateField, at: TimeField });
const params = Type.Object({ userId: UserIdField });

/** Who is a contact or has asked, and the end of that. */
export function contacts(app: ApiServer, { contacts, relationNotices }: ApiContext): void {
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
      if ((await contacts.remove(userId, params.userId)) === null) throw noSuchRelation();
      await relationNotices.changed(userId, params.userId);
      return reply.code(204).send(null);
    },
  );
}
