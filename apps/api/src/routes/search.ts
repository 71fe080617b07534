import { readState } from '@chasqui/core';
import {
  defined,
  MESSAGE_STATUSES,
  type MessageStatus,
  mustBelong,
  overallStatus,
  recipientOf,
  type StoredMessage,
} from '@chasqui/domain';
import type { SearchHit, SearchQuery } from '@chasqui/ports';
import { ConversationIdField, MessageIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, MEMBER_PROBLEMS, NO_NUL, problems } from '../http/schemas.ts';
import { clearedIn } from '../people/conversation-states.ts';
import { PageLimitField } from './paging.ts';

/** Prefix of the id of a hit that is not exact. Clients send the text back unchanged. */
const NOT_EXACT = '~';
const PlaceField = Type.String({
  pattern: '^~?[0-9a-f]{24}$',
  'x-rule': 'be `nextBefore` of the page before',
  description: 'An opaque cursor into the hits of a query.',
});

const Hit = Type.Object({
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  from: UserIdField,
  to: UserIdField,
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
        summary: "Search the user's own messages",
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
      const { q: text, limit = 50, before, ...scope } = request.query;
      const { userId } = request;
      if (scope.conversationId !== undefined) mustBelong(scope.conversationId, userId);
      const after = before === undefined ? {} : { after: placeOf(before) };
      const { items, last } = await findKept(context, { userId, text, limit, ...scope, ...after });
      const hits = await withStatus(context, items);
      return { hits, ...(last === undefined ? {} : { nextBefore: placeText(last) }) };
    },
  );
}

/** How many pages of the index are read for one page of the answer. Beyond: it is shorter. */
const MAX_READS = 8;

/** A page of hits that the user has not cleared; `last`: the hit before the next page, if there may be one. */
async function findKept(
  context: ApiContext,
  { limit, ...query }: SearchQuery,
): Promise<{ items: SearchHit[]; last?: SearchHit }> {
  const items: SearchHit[] = [];
  let last: SearchHit | undefined;
  for (let reads = 0; reads < MAX_READS; reads++) {
    const found = await context.search.search({ ...query, limit: limit + 1, ...(last && { after: last }) });
    const ids = found.map(({ conversationId }) => conversationId);
    const cleared = await clearedIn(context, query.userId, ids);
    for (const hit of found) {
      if (hit.messageId <= (cleared.get(hit.conversationId) ?? '')) continue;
      if (items.length === limit) return { items, ...defined({ last: items.at(-1) }) };
      items.push(hit);
    }
    if (found.length <= limit) return { items };
    last = found.at(-1);
  }
  return { items, ...defined({ last }) };
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
  return hits.map((hit) => hitBody(hit, byId.get(hit.messageId)));
}

function hitBody({ exact: _, ...hit }: SearchHit, message: StoredMessage | undefined) {
  const status = message === undefined ? hit.status : overallStatus(message);
  return { ...hit, to: recipientOf(hit).to ?? '', status };
}
