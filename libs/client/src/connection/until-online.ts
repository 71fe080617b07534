import type { ErrorCode, UserId } from '@chasqui/domain';
import type { Emitter } from '../basics/emitter.ts';
import type { ClientEvents } from '../events.ts';
import { serverError } from './server-error.ts';

/** Resolves to the client's user once it is online. Errors: why it was closed instead. */
export function untilOnline(
  emitter: Pick<Emitter<ClientEvents>, 'on'>,
  userId: () => UserId,
): Promise<{ userId: UserId }> {
  return new Promise((resolve, reject) => {
    const off = emitter.on('state', ({ state, reason }) => {
      if (state !== 'online' && state !== 'closed') return;
      off();
      if (state === 'online') resolve({ userId: userId() });
      else reject(serverError({ message: 'the client was closed', ...reason, code: codeOf(reason?.code) }));
    });
  });
}

/** `logged_out` is a reason, and no error. */
function codeOf(code = 'connection_closed'): ErrorCode {
  return code === 'logged_out' ? 'connection_closed' : (code as ErrorCode);
}
