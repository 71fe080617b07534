import {
  defined,
  HOLD_ID_PATTERN,
  HOLD_KINDS,
  HOLD_LIMITS,
  type HoldKind,
  ImError,
  isSubject,
  type LegalHold,
} from '@chasqui/domain';
import { holdIdOf } from '@chasqui/kit';
import { ContentField, ConversationIdField, MessageIdField, TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { PageLimitField, pageOf } from '../../http/paging.ts';
import { API_KEY, BODY_PROBLEMS, CHANGE_PROBLEMS, NO_NUL, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { VersionsField } from '../../server/fields.ts';
import { auditedByKey } from '../../server/server-users.ts';

const closed = { additionalProperties: false };
const params = Type.Object({ holdId: Type.String({ pattern: HOLD_ID_PATTERN }) });
/** Kept messages that are removed in one call. */
const CHUNK = 1_000;

const asked = {
  kind: Type.Unsafe<HoldKind>(
    Type.String({
      enum: [...HOLD_KINDS],
      description: 'On a user: what they send, and all of their direct conversations. On a conversation: its messages.',
    }),
  ),
  subject: Type.String({
    minLength: 1,
    maxLength: 129,
    ...NO_NUL,
    examples: ['ana'],
    description: 'The id of the user, or of the conversation.',
  }),
  reason: Type.String({ minLength: 1, maxLength: HOLD_LIMITS.maxReasonLength, ...NO_NUL }),
};

const Hold = Type.Object(
  {
    holdId: Type.String({ pattern: HOLD_ID_PATTERN, examples: ['5f0c2a9e1b7d4c3e8a6f9d01'] }),
    ...asked,
    placedBy: Type.String({ examples: ['key:9f86d081884c7d65'] }),
    placedAt: TimeField,
  },
  { description: 'A legal hold.' },
);

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

/** Legal holds: what is deleted while one covers it is kept for those who may read it here, and for nobody else. */
export function holds(app: ApiServer, context: ApiContext): void {
  const { clock } = context;
  const common = { tags: ['server-api'], security: API_KEY };
  app.post(
    '/api/server/holds',
    {
      config: { scope: 'holds:manage' },
      schema: {
        operationId: 'serverPlaceHold',
        summary: 'Place a legal hold',
        description:
          'From now on, messages that it covers are kept when they are deleted, and a user with one is not erased. A repeat places no second one.',
        ...common,
        body: Type.Object(asked, { ...closed, examples: [{ kind: 'user', subject: 'ana', reason: 'case 7' }] }),
        response: { 201: Hold, ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS, 409, 422) },
      },
    },
    async ({ apiKey: { keyId }, body: { kind, subject, reason } }, reply) => {
      if (!isSubject({ kind, subject })) {
        throw new ImError('content_invalid', `this is no id of a ${kind}`, { field: 'subject' });
      }
      const holdId = holdIdOf({ kind, subject, reason });
      const hold: LegalHold = { holdId, kind, subject, reason, placedBy: `key:${keyId}`, placedAt: clock.now() };
      await auditedByKey(context, actOn('place_hold', keyId, hold), async () => {
        if (await context.holds.place(hold)) return holdId;
        throw new ImError('limit_reached', `legal holds: at most ${HOLD_LIMITS.maxHolds}`);
      });
      return reply.code(201).send((await context.holds.get(holdId)) ?? hold);
    },
  );
  app.get(
    '/api/server/holds',
    {
      config: { scope: 'holds:manage' },
      schema: {
        operationId: 'serverListHolds',
        summary: 'All legal holds, the oldest first',
        ...common,
        response: {
          200: Type.Object({ holds: Type.Array(Hold) }, { description: `At most ${HOLD_LIMITS.maxHolds}.` }),
          ...problems(...SERVER_PROBLEMS),
        },
      },
    },
    async () => ({ holds: await context.holds.list() }),
  );
  app.delete(
    '/api/server/holds/:holdId',
    {
      config: { scope: 'holds:manage' },
      schema: {
        operationId: 'serverReleaseHold',
        summary: 'Release a legal hold',
        description: 'What was kept for it alone is gone then.',
        ...common,
        params,
        response: {
          204: Type.Null({ description: 'Released.' }),
          ...problems(...SERVER_PROBLEMS, ...CHANGE_PROBLEMS, 404),
        },
      },
    },
    async ({ apiKey: { keyId }, params: { holdId } }, reply) => {
      const hold = await placed(holdId);
      await auditedByKey(context, actOn('release_hold', keyId, hold), async () => {
        while (!(await context.holds.release(holdId, CHUNK)));
        return holdId;
      });
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/server/holds/:holdId/messages',
    {
      config: { scope: 'holds:read' },
      schema: {
        operationId: 'serverReadHeld',
        summary: 'The deleted messages that a legal hold keeps, the oldest first',
        description:
          'Messages that it covers and that nobody deleted are in the history. Each call is in the audit log.',
        ...common,
        params,
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
      const hold = await placed(holdId);
      return auditedByKey(context, actOn('read_held', keyId, hold), async () => {
        const { items, last } = pageOf(await context.holds.kept(holdId, { after, limit: limit + 1 }), limit);
        return { messages: items.map(({ holdId: _, ...rest }) => rest), ...defined({ nextAfter: last?.messageId }) };
      });
    },
  );

  /** Errors: `not_found`. */
  async function placed(holdId: string): Promise<LegalHold> {
    const hold = await context.holds.get(holdId);
    if (hold !== null) return hold;
    throw new ImError('not_found', 'there is no such legal hold', { field: 'holdId' });
  }
}

function actOn(action: 'place_hold' | 'release_hold' | 'read_held', keyId: string, { kind, subject }: LegalHold) {
  return { keyId, action, target: kind === 'user' ? subject : '' };
}
