import { STATE_LIMITS } from '@chasqui/domain';
import { ConversationIdField, MessageIdField, PositionField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, BODY_PROBLEMS, problems } from '../http/schemas.ts';
import { throttleStates } from '../http/throttle.ts';
import { hideMessages } from '../people/hide-messages.ts';

const IdsField = Type.Array(MessageIdField, {
  minItems: 1,
  maxItems: STATE_LIMITS.maxHiddenAtOnce,
  uniqueItems: true,
  description: 'Messages of the conversation that you may see.',
});

export function hiddenMessages(app: ApiServer, context: ApiContext): void {
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
      await context.access.mustHaveBelonged(conversationId, userId);
      await throttleStates(context, userId);
      const position = await hideMessages(context, { userId, conversationId }, messageIds);
      return position === null ? {} : { position };
    },
  );
}
