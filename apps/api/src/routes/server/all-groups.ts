import { defined } from '@chasqui/domain';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { closed } from '../../groups/fields.ts';
import { groupBody } from '../../http/group-body.ts';
import { PageLimitField } from '../../http/paging.ts';
import { API_KEY, problems, SERVER_PROBLEMS, shared } from '../../http/schemas.ts';

const CursorField = Type.String({
  pattern: '^[A-Za-z0-9._:-]{1,64}$',
  'x-rule': 'be `nextCursor` of the page before',
  description: '`nextCursor` of the previous page.',
});

/** For back ends that do not keep the ids of the groups that they create. */
export function allGroups(app: ApiServer, { groups }: ApiContext): void {
  app.get(
    '/api/server/all-groups',
    {
      config: { scope: 'groups:read' },
      schema: {
        operationId: 'serverListAllGroups',
        tags: ['server-api'],
        summary: 'All groups',
        description: 'Also dissolved ones, which have `dissolvedAt`. In no particular order, but each once.',
        security: API_KEY,
        querystring: Type.Object({ cursor: Type.Optional(CursorField), limit: Type.Optional(PageLimitField) }, closed),
        response: {
          200: Type.Object(
            {
              groups: Type.Array(shared('Group')),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of groups.' },
          ),
          ...problems(...SERVER_PROBLEMS),
        },
      },
    },
    async ({ query: { cursor, limit = 50 } }) => {
      const page = await groups.all({ ...defined({ after: cursor }), limit });
      return { groups: page.groups.map((group) => groupBody(group, null)), ...defined({ nextCursor: page.next }) };
    },
  );
}
