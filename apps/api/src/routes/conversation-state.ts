import { DEFAULT_STATE, ImError, STATE_LIMITS, type StateChange, sparseState } from '@chasqui/domain';
import { ConversationIdField, MessageIdField, PositionField, STATE_FIELDS } from '@chasqui/protocol';
import Type, { type Static } from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { PageLimitField, pageOf } from '../http/paging.ts';
import { BEARER, BODY_PROBLEMS, MEMBER_PROBLEMS, problems, shared } from '../http/schemas.ts';
import { throttleStates } from '../http/throttle.ts';
import { changeState } from '../people/conversation-states.ts';

const { level, until } = STATE_FIELDS.notify.properties;
const NotifyChange = Type.Object(
  { level: Type.Optional(level), until: Type.Optional(until) },
  { additionalProperties: false, description: 'Replaced as a whole: what is left out gets its default.' },
);
const MessageIdOrNone = Type.String({
  pattern: '^(?:[0-9a-f]{24})?$',
  'x-rule': 'be a message id, or empty',
  description: 'A message of the conversation; empty: not hidden.',
});

const Change = Type.Object(
  {
    pinnedAt: Type.Optional(STATE_FIELDS.pinnedAt),
    hiddenUpTo: Type.Optional(MessageIdOrNone),
    archived: Type.Optional(STATE_FIELDS.archived),
    markedUnread: Type.Optional(STATE_FIELDS.markedUnread),
    notify: Type.Optional(NotifyChange),
    clearedUpTo: Type.Optional({
      ...MessageIdField,
      description: 'A message of the conversation. It only moves forward.',
    }),
    draft: Type.Optional(STATE_FIELDS.draft),
  },
  { additionalProperties: false, minProperties: 1, examples: [{ pinnedAt: 1_767_225_600_000 }] },
);

const Body = Type.Object(
  {
    conversationId: ConversationIdField,
    state: shared('ConversationState'),
    position: Type.Optional({
      ...PositionField,
      description: 'The position of the update in your inbox; absent: nothing changed.',
    }),
  },
  { description: 'The new state.' },
);

export function conversationState(app: ApiServer, context: ApiContext): void {
  app.patch(
    '/api/conversations/:conversationId/state',
    {
      schema: {
        operationId: 'changeConversationState',
        tags: ['messages'],
        summary: 'Pin, hide, archive, mute, clear or mark a conversation, or save a draft, for yourself alone',
        description:
          'Fields that are left out keep their values. Your devices get the new state as an update of the inbox. Clearing also reads the conversation up to that message.',
        security: BEARER,
        params: Type.Object({ conversationId: ConversationIdField }),
        body: Change,
        response: { 200: Body, ...problems(...BODY_PROBLEMS, 401, 403, 404, 409, 429) },
      },
    },
    async ({ userId, params: { conversationId }, body }) => {
      await context.access.mustHaveBelonged(conversationId, userId);
      mustFit(body.draft);
      await throttleStates(context, userId);
      const { state, position } = await changeState(context, { userId, conversationId }, changesOf(body));
      return { conversationId, state: sparseState(state), ...(position === null ? {} : { position }) };
    },
  );
  app.get(
    '/api/conversations/states',
    {
      schema: {
        operationId: 'listConversationStates',
        tags: ['messages'],
        summary: 'The conversations in which you have set something, by conversation id',
        security: BEARER,
        querystring: Type.Object(
          {
            cursor: Type.Optional({ ...ConversationIdField, description: '`nextCursor` of the previous page.' }),
            limit: Type.Optional(PageLimitField),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              states: Type.Array(
                Type.Object({ conversationId: ConversationIdField, state: shared('ConversationState') }),
              ),
              nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
            },
            { description: 'A page of states.' },
          ),
          ...problems(...MEMBER_PROBLEMS),
        },
      },
    },
    async ({ userId, query: { cursor, limit = 50 } }) => {
      const found = await context.conversationStates.of(userId, { ...(cursor && { after: cursor }), limit: limit + 1 });
      const { items, last } = pageOf(found, limit);
      return {
        states: items.map(({ conversationId, state }) => ({ conversationId, state: sparseState(state) })),
        ...(last === undefined ? {} : { nextCursor: last.conversationId }),
      };
    },
  );
}

function changesOf({ notify, ...others }: Static<typeof Change>): StateChange {
  return notify === undefined ? others : { ...others, notify: { ...DEFAULT_STATE.notify, ...notify } };
}

function mustFit(draft = ''): void {
  const { maxDraftBytes } = STATE_LIMITS;
  if (Buffer.byteLength(draft) <= maxDraftBytes) return;
  throw new ImError('content_too_large', `a draft has at most ${maxDraftBytes} bytes`, { field: 'draft' });
}
