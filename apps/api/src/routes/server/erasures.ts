import { isErasable } from '@chasqui/core';
import { defined, type Erasure, ImError, type UserId } from '@chasqui/domain';
import { TimeField, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { ErasureWorker } from '../../erasure/erasure-worker.ts';
import { mustNotBeHeld } from '../../erasure/must-not-be-held.ts';
import { PageLimitField, pageOf } from '../../http/paging.ts';
import { API_KEY, BODY_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { lockOut } from '../../people/disable-user.ts';
import { auditedByKey, mustBeFree } from '../../server/server-users.ts';

const closed = { additionalProperties: false };
const params = Type.Object({ userId: UserIdField });
const MessagesField = Type.Unsafe<'keep' | 'erase'>(
  Type.String({ enum: ['keep', 'erase'], description: 'Whether their messages are deleted for everybody too.' }),
);

const UnknownField = Type.Boolean({
  description: 'Whether to use up an id of which nothing is here. Without it, such an id is not found.',
});

const ErasureBody = Type.Object(
  {
    userId: UserIdField,
    messages: MessagesField,
    state: Type.Unsafe<'running' | 'done'>(Type.String({ enum: ['running', 'done'] })),
    requestedAt: TimeField,
    doneAt: Type.Optional({ ...TimeField, description: 'Absent: it is running.' }),
  },
  { description: 'The erasure of a user.' },
);

/** Erasures are asked for here; the process that finds them first does the work. */
export function erasures(app: ApiServer, context: ApiContext): void {
  const { clock } = context;
  const worker = new ErasureWorker(context);
  worker.start();
  app.addHook('onClose', () => worker[Symbol.asyncDispose]());
  const common = { tags: ['server-api'], security: API_KEY };
  app.put(
    '/api/server/users/:userId/erasure',
    {
      config: { scope: 'users:erase' },
      schema: {
        operationId: 'serverEraseUser',
        summary: 'Erase a user for good',
        description:
          'Ends all sessions, then removes account, profile, devices, push tokens, contacts, moments and conversation states, and takes the user out of all groups; their messages too, if asked for. The id is never given to anybody again. It goes on after the answer, also if a process ends. A repeat begins again and finds less to do; `keep` does not take back an `erase`.',
        ...common,
        params,
        body: Type.Object(
          { messages: MessagesField, unknownToo: Type.Optional(UnknownField) },
          { ...closed, examples: [{ messages: 'erase' }] },
        ),
        response: { 202: ErasureBody, ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS, 404, 409, 422) },
      },
    },
    async ({ apiKey: { keyId }, params: { userId }, body: { messages, unknownToo = false } }, reply) => {
      mustBeFree(userId);
      if (!unknownToo) await mustBeKnown(userId);
      await mustNotBeHeld(context, userId);
      const asked = { userId, erasesMessages: messages === 'erase', askedBy: `key:${keyId}`, requestedAt: clock.now() };
      const act = { keyId, action: 'ask_erasure', target: userId } as const;
      const erasure = await auditedByKey(context, act, async () => {
        const begun = await context.erasures.begin(asked);
        // The rest may wait behind the erasures of others.
        await lockOut(context, userId);
        return begun;
      });
      worker.soon();
      return reply.code(202).send(shown(erasure));
    },
  );
  app.get(
    '/api/server/users/:userId/erasure',
    {
      config: { scope: 'users:erase' },
      schema: {
        operationId: 'serverReadErasure',
        summary: 'How far the erasure of a user is',
        ...common,
        params,
        response: { 200: ErasureBody, ...problems(...SERVER_PROBLEMS, 404) },
      },
    },
    async ({ params: { userId } }) => {
      const [erasure = null] = await context.erasures.get([userId]);
      if (erasure !== null) return shown(erasure);
      throw new ImError('not_found', 'nobody asked to erase this user', { field: 'userId' });
    },
  );
  app.get(
    '/api/server/erasures',
    {
      config: { scope: 'users:erase' },
      schema: {
        operationId: 'serverListErasures',
        summary: 'All erasures, by the ids of the users',
        description: 'To be kept beside backups: what a backup brings back must be erased again.',
        ...common,
        querystring: Type.Object(
          {
            after: Type.Optional({ ...UserIdField, description: '`nextAfter` of the previous page.' }),
            limit: Type.Optional(PageLimitField),
          },
          closed,
        ),
        response: {
          200: Type.Object(
            {
              erasures: Type.Array(ErasureBody),
              nextAfter: Type.Optional({ ...UserIdField, description: 'Absent on the last page.' }),
            },
            { description: 'A page of erasures.' },
          ),
          ...problems(...SERVER_PROBLEMS),
        },
      },
    },
    async ({ query: { after = '', limit = 50 } }) => {
      const { items, last } = pageOf(await context.erasures.page(after, limit + 1), limit);
      return { erasures: items.map(shown), ...defined({ nextAfter: last?.userId }) };
    },
  );

  /** A mistyped id must not be used up for good. Errors: `not_found`. */
  async function mustBeKnown(userId: UserId): Promise<void> {
    if (await isErasable(context, userId)) return;
    throw new ImError('not_found', 'nothing is known of this user; unknownToo uses up the id anyway', {
      field: 'userId',
    });
  }
}

function shown({ userId, erasesMessages, requestedAt, doneAt }: Erasure) {
  return {
    userId,
    messages: erasesMessages ? ('erase' as const) : ('keep' as const),
    state: doneAt > 0 ? ('done' as const) : ('running' as const),
    requestedAt,
    ...defined({ doneAt: doneAt || undefined }),
  };
}
