import { refuseDisabled } from '@chasqui/core';
import { ImError } from '@chasqui/domain';
import { UserIdField } from '@chasqui/protocol';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../context.ts';
import { BODY_PROBLEMS, problems, shared } from '../http/schemas.ts';
import { askerOf, throttleAddress, throttleUser } from '../http/throttle.ts';
import { BoundDeviceField, issuerOf } from './credentials.ts';

export function login(app: ApiServer, context: ApiContext): void {
  const { users, passwords } = context;
  app.post(
    '/api/auth/login',
    {
      schema: {
        operationId: 'login',
        tags: ['auth'],
        summary: 'Log in by password',
        body: Type.Object(
          { userId: UserIdField, password: Type.String({ minLength: 1, maxLength: 256 }), deviceId: BoundDeviceField },
          { additionalProperties: false, examples: [{ userId: 'ana', password: 'correct horse' }] },
        ),
        response: { 200: shared('Tokens'), ...problems(...BODY_PROBLEMS, 401, 403, 429) },
      },
    },
    async (request, reply) => {
      const issuer = issuerOf(context);
      const { userId, password, deviceId } = request.body;
      await throttleAddress(context, request.ip);
      await throttleUser(context, userId);
      // Read before the password is checked: if the password changes in between, these tokens end with the others.
      const cutOff = await context.cutOffs.read(userId, deviceId);
      const user = await users.get(userId);
      if (!(await passwords.matches(password, user?.passwordHash ?? null, askerOf(request, reply)))) {
        throw new ImError('credentials_wrong', 'user id or password is wrong');
      }
      refuseDisabled(cutOff);
      return await context.logIns.begin(issuer, { userId, deviceId, generation: cutOff.current });
    },
  );
}
