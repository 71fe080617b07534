import { HOLD_LIMITS, ImError, isSubject, type LegalHold } from '@chasqui/domain';
import { holdIdOf } from '@chasqui/kit';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { API_KEY, BODY_PROBLEMS, CHANGE_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { actOn, askedFields, HoldBody, holdParams, placedHold } from '../../server/hold-fields.ts';
import { auditedByKey } from '../../server/server-users.ts';

const closed = { additionalProperties: false };
/** Kept messages that are removed in one call. */
const CHUNK = 1_000;

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
        body: Type.Object(askedFields, { ...closed, examples: [{ kind: 'user', subject: 'ana', reason: 'case 7' }] }),
        response: { 201: HoldBody, ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS, 409, 422) },
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
          200: Type.Object({ holds: Type.Array(HoldBody) }, { description: `At most ${HOLD_LIMITS.maxHolds}.` }),
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
        params: holdParams,
        response: {
          204: Type.Null({ description: 'Released.' }),
          ...problems(...SERVER_PROBLEMS, ...CHANGE_PROBLEMS, 404),
        },
      },
    },
    async ({ apiKey: { keyId }, params: { holdId } }, reply) => {
      const hold = await placedHold(context, holdId);
      await auditedByKey(context, actOn('release_hold', keyId, hold), async () => {
        while (!(await context.holds.release(holdId, CHUNK)));
        return holdId;
      });
      return reply.code(204).send(null);
    },
  );
}
