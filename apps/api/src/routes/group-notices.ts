import { clearedIn } from '@chasqui/core';
import { defined, groupLog, visibleIntervals } from '@chasqui/domain';
import { PositionField, TimeField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { closed, groupParams } from '../groups/fields.ts';
import { readNotices } from '../groups/read-notices.ts';
import { PageLimitField } from '../http/paging.ts';
import { BEARER, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';

export function groupNotices(app: ApiServer, context: ApiContext): void {
  const { logs, access } = context;
  app.get(
    '/api/groups/:conversationId/notices',
    {
      schema: {
        operationId: 'listNotices',
        tags: ['groups'],
        summary: 'What happened in a group, newest first',
        description:
          'Who joined, left, was made an admin …: the notices of the log that the caller may see, also after leaving, as long as inbox entries are kept. A page may have fewer than `limit` although more follow.',
        security: BEARER,
        params: groupParams,
        querystring: Type.Object(
          {
            before: Type.Optional({
              ...PositionField,
              description: '`nextBefore` of the previous page: returns only older notices.',
            }),
            limit: Type.Optional(PageLimitField),
          },
          closed,
        ),
        response: {
          200: Type.Object(
            {
              notices: Type.Array(shared('Notice')),
              nextBefore: Type.Optional({ ...PositionField, description: 'Absent on the last page.' }),
              since: Type.Optional({
                ...TimeField,
                description:
                  'All that happened since then is in this page, or in those before. Absent on the last page.',
              }),
            },
            { description: 'A page of notices.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 403),
        },
      },
    },
    async ({ userId, params: { conversationId }, query: { before, limit = 50 } }) => {
      const log = groupLog(conversationId);
      // Read before the membership: a removal that is acked meanwhile holds for what comes after it (C20).
      const { head } = await logs.page(log, 0, 1);
      const { group, member } = await access.place(conversationId, userId);
      const intervals = visibleIntervals(group, member);
      const cleared = await clearedIn(context, userId, [conversationId]);
      const clearedUpTo = cleared.get(conversationId) ?? '';
      return await readNotices(logs, log, { intervals, head, clearedUpTo, limit, ...defined({ before }) });
    },
  );
}
