import { EventPublisher, SYSTEM_ACTION_FORMAT } from '@chasqui/core';
import { type ActionEvent, CONVERSATION_TOPIC, ImError, SYSTEM_USER } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import { NO_SESSION } from '@chasqui/ports';
import { ConversationIdField, MessageIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { API_KEY, CHANGE_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';

/** How long the message is looked for to be gone, and how often, in ms. */
const WAIT_MS = 8_000;
const LOOK_MS = 20;

export function deleteMessage(app: ApiServer, context: ApiContext): void {
  const { messages, clock, nodeId, auditTrail } = context;
  const publisher = new EventPublisher(context);

  /** Errors: `deadline_exceeded`: it will be deleted; ask again. */
  async function remove(key: { conversationId: string; messageId: string }): Promise<void> {
    const isGone = async () => {
      const [message] = await messages.get([key]);
      if (message == null) {
        throw new ImError('message_not_found', 'there is no such message', { field: 'messageId' });
      }
      return message.recalledAt !== undefined;
    };
    if (await isGone()) return;
    const at = clock.now();
    const by = { by: SYSTEM_USER, sessionId: NO_SESSION, nodeId, at };
    const event: ActionEvent = { type: 'action', v: SYSTEM_ACTION_FORMAT, action: 'recall', ...key, ...by };
    await publisher.publish(CONVERSATION_TOPIC, key.conversationId, event);
    const until = clock.monotonic() + WAIT_MS;
    while (!(await isGone())) {
      if (clock.monotonic() > until)
        throw new ImError('deadline_exceeded', 'the message is not deleted yet: ask again');
      await sleep(clock, LOOK_MS);
    }
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
