import { defined, type StoredMessage } from '@chasqui/domain';
import { ContentField, ConversationIdField, MessageIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { API_KEY, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { VersionsField } from '../../server/fields.ts';
import { auditedByKey } from '../../server/server-users.ts';

/** Messages that one call looks through, and how many of the store's pages these are. */
const PAGE = 500;
const MAX_READS = 8;

const Edited = Type.Object(
  {
    messageId: MessageIdField,
    from: UserIdField,
    sentAt: TimeField,
    editedAt: Type.Optional(TimeField),
    content: Type.Optional({ ...ContentField, description: 'What it says now.' }),
    versions: VersionsField,
  },
  { description: 'An edited message.' },
);

export function messageVersions(app: ApiServer, context: ApiContext): void {
  app.get(
    '/api/server/conversations/:conversationId/message-versions',
    {
      config: { scope: 'versions:read' },
      schema: {
        operationId: 'serverReadVersions',
        tags: ['server-api'],
        summary: 'What the messages of a conversation said before they were edited, the newest first',
        description:
          'Kept only since `CHASQUI_KEPT_VERSIONS` is set, and until the message is deleted. A call looks through some thousand messages: go on with `nextBefore`, also after a page without any. Each call is in the audit log.',
        security: API_KEY,
        params: Type.Object({ conversationId: ConversationIdField }),
        querystring: Type.Object(
          { before: Type.Optional({ ...MessageIdField, description: '`nextBefore` of the previous page.' }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              messages: Type.Array(Edited),
              nextBefore: Type.Optional({ ...MessageIdField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of edited messages.' },
          ),
          ...problems(...SERVER_PROBLEMS),
        },
      },
    },
    ({ apiKey: { keyId }, params: { conversationId }, query: { before } }) =>
      auditedByKey(context, { keyId, action: 'read_versions', target: '' }, async () => {
        const messages: StoredMessage[] = [];
        let place = before;
        for (let reads = 0; reads < MAX_READS; reads++) {
          const page = await context.messages.page(conversationId, { limit: PAGE, ...defined({ before: place }) });
          messages.push(...page.filter(({ versions }) => versions !== undefined));
          place = page.at(-1)?.messageId;
          if (page.length < PAGE || place === undefined) return { messages: messages.map(shown) };
          if (messages.length >= PAGE) break;
        }
        return { messages: messages.map(shown), ...defined({ nextBefore: place }) };
      }),
  );
}

function shown({ messageId, from, sentAt, editedAt, content, versions = [] }: StoredMessage) {
  return { messageId, from, sentAt, content, versions, ...defined({ editedAt }) };
}
