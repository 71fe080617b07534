import { defined } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import type { Inbox } from './inbox.ts';
import type { ClientOptions } from './options.ts';

/**
 * Makes the login frame of each attempt, with a request for the first page of the inbox. Rejects when the token source
 * does.
 */
export function loginFrames(
  { token, deviceId, platform }: ClientOptions,
  inbox: Inbox,
): () => ClientFrameOf<'login'> | Promise<ClientFrameOf<'login'>> {
  function frame(jwt: string): ClientFrameOf<'login'> {
    const { position, epoch } = inbox.tracker;
    return {
      type: 'login',
      token: jwt,
      deviceId,
      position,
      ref: inbox.syncer.loginRef(),
      ...defined({ platform, epoch }),
    };
  }

  return () => {
    const jwt = typeof token === 'string' ? token : token();
    return typeof jwt === 'string' ? frame(jwt) : jwt.then(frame);
  };
}
