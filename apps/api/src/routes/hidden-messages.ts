import { withoutHidden } from '@chasqui/core';
import { ImError, STATE_LIMITS } from '@chasqui/domain';
import { ConversationIdField, encodeServerFrame, MessageIdField, PositionField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, BODY_PROBLEMS, problems } from '../http/schemas.ts';
import { throttleStates } from '../http/throttle.ts';

const IdsField = Type.Array(MessageIdField, {
  minItems: 1,
  maxItems: STATE_LIMITS.maxHiddenAtOnce,
  uniqueItems: true,
  description: 'Messages of the conversation that you may see.',
});

export function hiddenMessages(app: ApiServer, context: ApiContext): void {
  const { access, clock, conversationStates, messages, router } = context;
  app.post(
    '/api/conversations/:conversationId/hidden-messages',
    {
      schema: {
        operationId: 'hideMessages',
        tags: ['messages'],
        summary: 'Delete messages for yourself alone',
        description:
          'They are gone from your history, search and previews, and from your devices, which get `hidden` as an update of the inbox. Nobody else notices, counts stay, and it cannot be undone.',
        security: BEARER,
        params: Type.Object({ conversationId: ConversationIdField }),
        body: Type.Object({ messageIds: IdsField }, { additionalProperties: false }),
        response: {
          200: Type.Object(
            {
              position: Type.Optional({
                ...PositionField,
                description: 'The position of the update in your inbox; absent: all were hidden before.',
              }),
            },
            { description: 'They are hidden.' },
          ),
          ...problems(...BODY_PROBLEMS, 401, 403, 404, 409, 429),
        },
      },
    },
    async ({ userId, params: { conversationId }, body: { messageIds } }) => {
      await access.mustHaveBelonged(conversationId, userId);
      await throttleStates(context, userId);
      const found = await messages.get(messageIds.map((messageId) => ({ conversationId, messageId })));
      const visible = await access.visible(userId, found);
      const unseen = visible.indexOf(null);
      if (unseen !== -1) {
        const field = `messageIds.${unseen}`;
        throw new ImError('message_not_found', 'there is no such message in this conversation', { field });
      }
      const fresh = (await withoutHidden(conversationStates, userId, visible)).filter((message) => message !== null);
      const ids = fresh.map(({ messageId }) => messageId);
      const at = clock.now();
      const position = await conversationStates.hide({ userId, conversationId }, ids, at);
      if (position === null) return {};
      // A device that misses it gets it on the next sync (C10).
      const frame = encodeServerFrame({ type: 'hidden', conversationId, messageIds: ids, at, position });
      await router.route([{ userId, frame }]);
      return { position };
    },
  );
}
