import { defined, ImError, STORED_USER_ID_PATTERN } from '@chasqui/domain';
import { TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { askerOf, closed, groupParams, KeyHeader, UsersField } from '../groups/fields.ts';
import { shownUser, withProfiles } from '../groups/profiles-of.ts';
import { PageLimitField, pageOf } from '../http/paging.ts';
import { BEARER, GROUP_PROBLEMS, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';

/** The last request of a page: its time and its user. */
const CursorField = Type.String({
  pattern: `^[0-9]{1,15}\\.${STORED_USER_ID_PATTERN.slice(1)}`,
  'x-rule': 'be `nextCursor` of the page before',
  description: '`nextCursor` of the previous page.',
});

const DECISIONS = {
  approve: { operationId: 'approveRequests', summary: 'Let users join who asked to, by an admin' },
  decline: { operationId: 'declineRequests', summary: 'Decline requests to join, by an admin' },
} as const;

/** Requests to join a group. */
export function groupRequests(app: ApiServer, context: ApiContext): void {
  const { groups: store, access, groupChanges } = context;
  app.get(
    '/api/groups/:conversationId/requests',
    {
      schema: {
        operationId: 'listRequests',
        tags: ['groups'],
        summary: 'Who asks to join a group, oldest first; for its admins',
        security: BEARER,
        params: groupParams,
        querystring: Type.Object({ cursor: Type.Optional(CursorField), limit: Type.Optional(PageLimitField) }, closed),
        response: {
          200: Type.Object(
            {
              requests: Type.Array(Type.Object({ userId: UserIdField, at: TimeField, ...shownUser })),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of requests.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 403),
        },
      },
    },
    async ({ userId: asker, params: { conversationId }, query: { cursor, limit = 50 } }) => {
      const { member } = await access.groupOf(conversationId, asker);
      if (member.role === 'member') {
        throw new ImError('not_allowed', 'only admins of this group may see requests', { field: 'conversationId' });
      }
      const after = requestPlace(conversationId, cursor);
      const found = await store.requests(conversationId, { ...defined({ after }), limit: limit + 1 });
      const { items, last } = pageOf(found, limit);
      const requests = items.map(({ userId, at }) => ({ userId, at }));
      return {
        requests: await withProfiles(context, requests),
        ...defined({ nextCursor: last && `${last.at}.${last.userId}` }),
      };
    },
  );
  for (const change of ['approve', 'decline'] as const) {
    app.post(
      `/api/groups/:conversationId/requests/${change}`,
      {
        schema: {
          ...DECISIONS[change],
          tags: ['groups'],
          security: BEARER,
          headers: KeyHeader,
          params: groupParams,
          body: Type.Object({ users: UsersField }, { ...closed, examples: [{ users: ['dan'] }] }),
          response: {
            200: Type.Object(
              { users: Type.Array(UserIdField) },
              { description: 'Those whom it concerned: others do not wait for a decision.' },
            ),
            ...GROUP_PROBLEMS,
          },
        },
      },
      async (request) => {
        const { params, body: details } = request;
        const { users } = await groupChanges.apply({ change, ...params, details }, askerOf(request));
        return { users: [...users] };
      },
    );
  }
}

function requestPlace(conversationId: string, cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  const dot = cursor.indexOf('.');
  return { conversationId, at: Number(cursor.slice(0, dot)), userId: cursor.slice(dot + 1) };
}
