import { ImError } from '@chasqui/domain';
import { DeviceIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BEARER, BODY_PROBLEMS, problems, shared } from '../http/schemas.ts';
import { askerOf, throttleAddress, throttleUser } from '../http/throttle.ts';
import { issuerOf, PasswordField } from './credentials.ts';

export function password(app: ApiServer, context: ApiContext): void {
  const { users, passwords, sessionEnder, logIns, cutOffs } = context;
  app.put(
    '/api/users/me/password',
    {
      schema: {
        operationId: 'changePassword',
        tags: ['auth'],
        summary: 'Change the password, and log out everywhere else',
        description:
          'Every token that was issued before is refused from then on, including the one in this request: use the tokens of the answer.',
        security: BEARER,
        body: Type.Object(
          {
            password: Type.String({ minLength: 1, maxLength: 256, description: 'The current password.' }),
            newPassword: PasswordField,
            deviceId: Type.Optional({
              ...DeviceIdField,
              description: 'The device that stays connected and to which the new tokens are bound; absent: none.',
            }),
          },
          { additionalProperties: false, examples: [{ password: 'correct horse', newPassword: 'battery staple' }] },
        ),
        response: { 200: shared('Tokens'), ...problems(...BODY_PROBLEMS, 401, 403, 429) },
      },
    },
    async (request, reply) => {
      const { userId, body } = request;
      const issuer = issuerOf(context);
      const { password, newPassword, deviceId } = body;
      await throttleAddress(context, request.ip);
      await throttleUser(context, userId);
      const asker = askerOf(request, reply);
      const before = (await users.get(userId))?.passwordHash ?? null;
      if (before === null || !(await passwords.matches(password, before, asker))) throw wrong();
      const after = await passwords.hash(newPassword, asker);
      // The cut-off follows the change, so a log-in with the old password in between does not stay.
      if (!(await users.changePassword(userId, before, after))) throw wrong();
      await sessionEnder.endAll(userId, deviceId);
      const { current: generation } = await cutOffs.read(userId, deviceId);
      return await logIns.begin(issuer, { userId, deviceId, generation });
    },
  );
}

function wrong(): ImError {
  return new ImError('credentials_wrong', 'the password is wrong', { field: 'password' });
}
