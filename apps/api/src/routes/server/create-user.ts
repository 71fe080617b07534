import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { API_KEY, BODY_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { askerOf } from '../../http/throttle.ts';
import { storeAccount, userExists } from '../../people/accounts.ts';
import { mustNotBeErased } from '../../people/disable-user.ts';
import { knownProfile, profileOf } from '../../people/profiles.ts';
import { ServerUser, userFields } from '../../server/fields.ts';
import { auditedByKey, mustBeFree, serverUsers, upsertUser } from '../../server/server-users.ts';
import { PasswordField } from '../credentials.ts';

export function createUser(app: ApiServer, context: ApiContext): void {
  const { passwords } = context;
  app.post(
    '/api/server/users',
    {
      config: { scope: 'users:write' },
      schema: {
        operationId: 'serverCreateUser',
        tags: ['server-api'],
        summary: 'Create a user, with or without a password',
        description: 'Without a password, the host application issues the tokens of the user.',
        security: API_KEY,
        body: Type.Object(
          { userId: UserIdField, password: Type.Optional(PasswordField), ...userFields },
          { additionalProperties: false, examples: [{ userId: 'cat', displayName: 'Cat' }] },
        ),
        response: { 201: ServerUser, ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS, 409, 422) },
      },
    },
    async (request, reply) => {
      const { apiKey, body } = request;
      const { userId, password, ...fields } = body;
      mustBeFree(userId);
      if ((await profileOf(context, userId)) !== null) throw userExists();
      await mustNotBeErased(context, userId);
      const passwordHash = password === undefined ? null : await passwords.hash(password, askerOf(request, reply));
      const act = { keyId: apiKey.keyId, action: 'create_user', target: userId } as const;
      await auditedByKey(context, act, async () => {
        if (passwordHash !== null) {
          const { displayName = userId } = fields;
          await storeAccount(context, { userId, passwordHash, displayName });
        }
        await upsertUser(context, userId, fields);
      });
      const [user] = await serverUsers(context, [await knownProfile(context, userId)]);
      return reply.code(201).send(user as NonNullable<typeof user>);
    },
  );
}
