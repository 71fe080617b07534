import { defined } from '@chasqui/domain';
import { ContentField, ConversationIdField, MessageIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { PageLimitField, pageOf } from '../../http/paging.ts';
import { API_KEY, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { VersionsField } from '../../server/fields.ts';
import { actOn, holdParams, placedHold } from '../../server/hold-fields.ts';
import { auditedByKey } from '../../server/server-users.ts';

const closed = { additionalProperties: false };

const Held = Type.Object(
  {
    messageId: MessageIdField,
    conversationId: ConversationIdField,
    from: UserIdField,
    sentAt: TimeField,
    deletedAt: TimeField,
    content: ContentField,
    versions: Type.Optional(VersionsField),
  },
  { description: 'A message that was deleted for everybody, with the content that it had.' },
);

/** What is kept of deleted messages, for those who may read it. */
export function heldMessages(app: ApiServer, context: ApiContext): void {
  app.get(
    '/api/server/holds/:holdId/messages',
    {
      config: { scope: 'holds:read' },
      schema: {
        operationId: 'serverReadHeld',
        summary: 'The deleted messages that a legal hold keeps, the oldest first',
        description:
          'Messages that it covers and that nobody deleted are in the history. Each call is in the audit log.',
        tags: ['server-api'],
        security: API_KEY,
        params: holdParams,
        querystring: Type.Object(
          {
            after: Type.Optional({ ...MessageIdField, description: '`nextAfter` of the previous page.' }),
            limit: Type.Optional(PageLimitField),
          },
          closed,
        ),
        response: {
          200: Type.Object(
            {
              messages: Type.Array(Held),
              nextAfter: Type.Optional({ ...MessageIdField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of messages.' },
          ),
          ...problems(...SERVER_PROBLEMS, 404),
        },
      },
    },
    async ({ apiKey: { keyId }, params: { holdId }, query: { after = '', limit = 50 } }) => {
      const hold = await placedHold(context, holdId);
      return auditedByKey(context, actOn('read_held', keyId, hold), async () => {
        const { items, last } = pageOf(await context.holds.kept(holdId, { after, limit: limit + 1 }), limit);
        return { messages: items.map(({ holdId: _, ...rest }) => rest), ...defined({ nextAfter: last?.messageId }) };
      });
    },
  );
}
