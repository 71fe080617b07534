import { isErasable } from '@chasqui/core';
import { ImError, type UserId } from '@chasqui/domain';
import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { ErasureBody, MessagesField, shownErasure } from '../../erasure/erasure-body.ts';
import { ErasureWorker } from '../../erasure/erasure-worker.ts';
import { mustNotBeHeld } from '../../erasure/must-not-be-held.ts';
import { API_KEY, BODY_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { lockOut } from '../../people/disable-user.ts';
import { auditedByKey, mustBeFree } from '../../server/server-users.ts';

const closed = { additionalProperties: false };
const params = Type.Object({ userId: UserIdField });
const UnknownField = Type.Boolean({
  description: 'Whether to use up an id of which nothing is here. Without it, such an id is not found.',
});

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
      return reply.code(202).send(shownErasure(erasure));
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
