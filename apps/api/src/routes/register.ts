import { SYSTEM_USER } from '@chasqui/domain';
import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BODY_PROBLEMS, problems, shared } from '../http/schemas.ts';
import { askerOf, throttleAddress } from '../http/throttle.ts';
import { storeAccount, userExists } from '../people/accounts.ts';
import { DisplayNameField } from '../people/fields.ts';
import { beginProfile } from '../people/profiles.ts';
import { BoundDeviceField, issuerOf, PasswordField } from './credentials.ts';

export function register(app: ApiServer, context: ApiContext): void {
  const { users, passwords, settings } = context;
  // `/api/users/me` is the current user. And nobody may become an administrator by registering the id first.
  const reserved = new Set(['me', SYSTEM_USER, ...settings.admins]);
  app.post(
    '/api/auth/register',
    {
      schema: {
        operationId: 'register',
        tags: ['auth'],
        summary: 'Create a user and log in',
        body: Type.Object(
          {
            userId: UserIdField,
            password: PasswordField,
            displayName: Type.Optional(DisplayNameField),
            deviceId: BoundDeviceField,
          },
          { additionalProperties: false, examples: [{ userId: 'ana', password: 'correct horse', displayName: 'Ana' }] },
        ),
        response: { 201: shared('Tokens'), ...problems(...BODY_PROBLEMS, 403, 409, 429) },
      },
    },
    async (request, reply) => {
      const issuer = issuerOf(context);
      const { userId, password, displayName = userId, deviceId } = request.body;
      await throttleAddress(context, request.ip);
      if (reserved.has(userId) || (await users.get(userId)) !== null) throw userExists();
      const passwordHash = await passwords.hash(password, askerOf(request, reply));
      await storeAccount(context, { userId, passwordHash, displayName });
      await beginProfile(context, userId, displayName).catch((error) => {
        context.logger.warn({ err: error }, 'search will not find a new user until the profile changes');
      });
      const { current: generation } = await context.cutOffs.read(userId, deviceId);
      return reply.code(201).send(await context.logIns.begin(issuer, { userId, deviceId, generation }));
    },
  );
}
