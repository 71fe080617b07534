import { ImError } from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';
import { ConversationIdField, MessageIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { API_KEY, CHANGE_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { SystemRecall } from '../../server/system-recall.ts';

export function deleteMessage(app: ApiServer, context: ApiContext): void {
  const { messages, auditTrail } = context;
  const recalls = new SystemRecall(context);

  /** Errors: `message_not_found`; those of `SystemRecall`. */
  async function remove(key: MessageKey): Promise<void> {
    const [message] = await messages.get([key]);
    if (message == null) {
      throw new ImError('message_not_found', 'there is no such message', { field: 'messageId' });
    }
    if (message.recalledAt === undefined) await recalls.recall([key]);
  }

  app.delete(
    '/api/server/conversations/:conversationId/messages/:messageId',
    {
      config: { scope: 'messages:delete' },
      schema: {
        operationId: 'serverDeleteMessage',
        tags: ['server-api'],
        summary: 'Delete a message for everybody',
        description:
          'Of any sender, at any time, in direct conversations and groups. Everybody who has the message sees that it was removed, and its text is nowhere any more.',
        security: API_KEY,
        params: Type.Object({ conversationId: ConversationIdField, messageId: MessageIdField }),
        response: {
          204: Type.Null({ description: 'Its content is gone.' }),
          ...problems(...SERVER_PROBLEMS, ...CHANGE_PROBLEMS, 404),
        },
      },
    },
    async ({ apiKey, params }, reply) => {
      const detail = `${params.conversationId} ${params.messageId}`;
      const act = { actor: `key:${apiKey.keyId}`, action: 'delete_message', target: '', detail } as const;
      await auditTrail.record(act, () => remove(params));
      return reply.code(204).send(null);
    },
  );
}
