import { ImError, knownErrorCode, type UserId } from '@chasqui/domain';
import type { Emitter } from './emitter.ts';
import type { ClientEvents } from './events.ts';
import { withResolvers } from './open-promise.ts';

/** Resolves to the client's user once it is online. Errors: why it was closed instead. */
export function untilOnline(
  emitter: Pick<Emitter<ClientEvents>, 'on'>,
  userId: () => UserId,
): Promise<{ userId: UserId }> {
  const { promise, resolve, reject } = withResolvers<{ userId: UserId }>();
  const off = emitter.on('state', ({ state, reason }) => {
    if (state !== 'online' && state !== 'closed') return;
    off();
    if (state === 'online') resolve({ userId: userId() });
    else
      reject(
        new ImError(knownErrorCode(reason?.code, 'connection_closed'), reason?.message ?? 'the client was closed'),
      );
  });
  return promise;
}
