import { readState } from '@chasqui/core';
import {
  defined,
  formatMessageId,
  MAX_COUNTER,
  MESSAGE_STATUSES,
  type MessageId,
  type MessageStatus,
  overallStatus,
  recipientOf,
  type StoredMessage,
} from '@chasqui/domain';
import type { SearchHit, SearchQuery } from '@chasqui/ports';
import { ConversationIdField, MessageIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { PageLimitField } from '../http/paging.ts';
import { BEARER, MEMBER_PROBLEMS, NO_NUL, problems } from '../http/schemas.ts';
import { findMessages } from '../people/find-messages.ts';

/** Prefix of the id of a hit that is not exact. Clients send the text back unchanged. */
const NOT_EXACT = '~';
const PlaceField = Type.String({
  pattern: '^~?[0-9a-f]{24}$',
  'x-rule': 'be `nextBefore` of the page before',
  description: 'An opaque cursor into the hits of a query.',
});

/** The greatest time that a message id has room for. */
const MAX_TIME = 2 ** 48 - 1;

const Hit = Type.Object({
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  from: UserIdField,
  to: Type.Optional({ ...UserIdField, description: 'Only in direct conversations.' }),
  sentAt: TimeField,
  status: Type.Unsafe<MessageStatus>(Type.String({ enum: [...MESSAGE_STATUSES] })),
  text: Type.String(),
});

export function searchMessages(app: ApiServer, context: ApiContext): void {
  app.get(
    '/api/messages/search',
    {
      schema: {
        operationId: 'searchMessages',
        tags: ['messages'],
        summary: 'Search the messages that the user may see',
        description:
          'A message is found when it has every word of `q`, whatever the case, accents and vowel signs; the last word may be the beginning of a longer one. Text of scripts without spaces (Chinese, Japanese, Thai and others) and Korean is found by any part of two characters or more. Messages with exactly these words, including accents, come first, then the others, each newest first.',
        security: BEARER,
        querystring: Type.Object(
          {
            q: Type.String({
              minLength: 1,
              maxLength: 200,
              ...NO_NUL,
              description: 'The query.',
            }),
            conversationId: Type.Optional(ConversationIdField),
            from: Type.Optional({ ...UserIdField, description: 'Only messages of this user.' }),
            since: Type.Optional({
              ...TimeField,
              maximum: MAX_TIME,
              description: 'Only messages of this time or later.',
            }),
            until: Type.Optional({
              ...TimeField,
              maximum: MAX_TIME,
              description: 'Only messages from before this time.',
            }),
            before: Type.Optional({
              ...PlaceField,
              description: '`nextBefore` of the previous page: returns the hits that follow.',
            }),
            limit: Type.Optional(PageLimitField),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              hits: Type.Array(Hit),
              nextBefore: Type.Optional({ ...PlaceField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of hits.' },
          ),
          ...problems(...MEMBER_PROBLEMS, 403, 404),
        },
      },
    },
    async (request) => {
      const { q: text, limit = 50, before, conversationId, from, since = 0, until } = request.query;
      const { userId } = request;
      if (conversationId !== undefined) await context.access.mustHaveBelonged(conversationId, userId);
      const scope = defined({
        conversationId,
        from,
        above: since === 0 ? undefined : lastIdBefore(since),
        below: until === undefined ? undefined : firstIdOf(until),
        after: before === undefined ? undefined : placeOf(before),
      });
      const { items, last } = await findMessages(context, userId, { text, limit, ...scope });
      const hits = await withStatus(context, items);
      return { hits, ...(last === undefined ? {} : { nextBefore: placeText(last) }) };
    },
  );
}

function firstIdOf(millis: number): MessageId {
  return formatMessageId({ millis, counter: 0, tag: 0 });
}

function lastIdBefore(millis: number): MessageId {
  return formatMessageId({ millis: millis - 1, counter: MAX_COUNTER, tag: 2 ** 32 - 1 });
}

type Place = NonNullable<SearchQuery['after']>;

function placeOf(text: string): Place {
  const exact = !text.startsWith(NOT_EXACT);
  return { exact, messageId: exact ? text : text.slice(NOT_EXACT.length) };
}

function placeText({ exact, messageId }: Place): string {
  return exact ? messageId : `${NOT_EXACT}${messageId}`;
}

/**
 * The index does not have reads: the message store and the addressees' marks do. While these cannot be read, hits have
 * their indexed status.
 */
async function withStatus(context: ApiContext, hits: readonly SearchHit[]) {
  const found = await context.messages.get(hits).catch((error): (StoredMessage | null)[] => {
    context.logger.warn({ err: error }, 'messages cannot be read: hits of a search are shown as they are indexed');
    return [];
  });
  const messages = await readState(
    context,
    found.filter((message) => message !== null),
  );
  const byId = new Map(messages.map((message) => [message.messageId, message]));
  // The index may not have the recall of a message yet.
  const kept = hits.filter(({ messageId }) => byId.get(messageId)?.recalledAt === undefined);
  return kept.map((hit) => hitBody(hit, byId.get(hit.messageId)));
}

function hitBody({ exact: _, ...hit }: SearchHit, message: StoredMessage | undefined) {
  const status = message === undefined ? hit.status : overallStatus(message);
  return { ...hit, ...recipientOf(hit), status };
}
