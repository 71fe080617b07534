import { defined, ImError } from '@chasqui/domain';
import { GroupIdField, MessageIdField, TimeField, UserCursorField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { closed } from '../groups/fields.ts';
import { PageLimitField, pageOf } from '../http/paging.ts';
import { BEARER, MEMBER_PROBLEMS, problems } from '../http/schemas.ts';
import { mustSeeMembers } from './group-member-list.ts';

export function readers(app: ApiServer, { groups: store, messages, access }: ApiContext): void {
  app.get(
    '/api/conversations/:conversationId/messages/:messageId/readers',
    {
      schema: {
        operationId: 'listReaders',
        tags: ['messages'],
        summary: 'Who has read a message of a group, by user id',
        description:
          'Members whose read mark has reached it, without its sender; for those whom `settings.seeMembers` names.',
        security: BEARER,
        params: Type.Object({ conversationId: GroupIdField, messageId: MessageIdField }),
        querystring: Type.Object(
          { cursor: Type.Optional(UserCursorField), limit: Type.Optional(PageLimitField) },
          closed,
        ),
        response: {
          200: Type.Object(
            {
              readers: Type.Array(
                Type.Object({
                  userId: UserIdField,
                  at: { ...TimeField, description: 'When the mark came to where it is now.' },
                }),
              ),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of readers.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 403, 404),
        },
      },
    },
    async ({ userId, params, query: { cursor, limit = 50 } }) => {
      const { conversationId, messageId } = params;
      const { group, member } = await access.groupOf(conversationId, userId);
      mustSeeMembers(group.settings.seeMembers, member.role);
      const [message] = await access.visible(userId, await messages.get([params]));
      if (message == null) {
        throw new ImError('message_not_found', 'there is no such message', { field: 'messageId' });
      }
      const found = await store.readers(conversationId, messageId, {
        ...defined({ after: cursor }),
        limit: limit + 1,
      });
      const { items, last } = pageOf(found, limit);
      return { readers: items.map(({ userId, at }) => ({ userId, at })), ...defined({ nextCursor: last?.userId }) };
    },
  );
}
