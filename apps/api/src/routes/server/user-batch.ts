import { ImError } from '@chasqui/domain';
import { publicFault, UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { API_KEY, BODY_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { MAX_BATCH, throttleKey } from '../../http/throttle.ts';
import { outcomesOf } from '../../imports/line-outcomes.ts';
import { FaultField, userFields } from '../../server/fields.ts';
import { auditedByKey, upsertUser } from '../../server/server-users.ts';

/** Users of a call that are changed in parallel: each waits for some writes to the store. */
const AT_ONCE = 20;

const closed = { additionalProperties: false };
const UserToUpsert = Type.Object({ userId: UserIdField, ...userFields }, closed);

/** Creates and changes many users at once. */
export function userBatch(app: ApiServer, context: ApiContext): void {
  app.post(
    '/api/server/users/batch',
    {
      bodyLimit: 1024 * 1024,
      config: { scope: 'users:write' },
      schema: {
        operationId: 'serverUpsertUsers',
        tags: ['server-api'],
        summary: 'Create or change up to 100 users',
        description: 'Those who are new get no password. Each has an outcome; a repeat changes nothing.',
        security: API_KEY,
        body: Type.Object(
          { users: Type.Array(UserToUpsert, { minItems: 1, maxItems: MAX_BATCH }) },
          { ...closed, examples: [{ users: [{ userId: 'shop', displayName: 'Shop', bot: true }] }] },
        ),
        response: {
          200: Type.Object(
            {
              outcomes: Type.Array(
                Type.Object({
                  userId: UserIdField,
                  result: Type.Unsafe<'created' | 'changed' | 'failed'>(
                    Type.String({ enum: ['created', 'changed', 'failed'] }),
                  ),
                  error: Type.Optional(FaultField),
                }),
              ),
            },
            { description: 'In the order of the users.' },
          ),
          ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS),
        },
      },
    },
    async ({ apiKey, body }) => {
      await throttleKey(context, apiKey, body.users.length - 1);
      const outcomes = await outcomesOf(
        body.users,
        { key: ({ userId }) => userId, atOnce: AT_ONCE },
        async ({ userId, ...fields }) => {
          const act = { keyId: apiKey.keyId, action: 'change_user', target: userId } as const;
          try {
            return { userId, result: await auditedByKey(context, act, () => upsertUser(context, userId, fields)) };
          } catch (error) {
            return { userId, result: 'failed' as const, error: publicFault(ImError.from(error)) };
          }
        },
      );
      return { outcomes };
    },
  );
}
