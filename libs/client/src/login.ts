import { defined } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import type { GroupPart } from './groups/group-part.ts';
import type { Inbox } from './inbox.ts';
import type { ClientOptions } from './options.ts';

/**
 * Makes the login frame of each attempt, with a request for the first page of the inbox and, if it has them, of the groups. Rejects when
 * the token source does.
 */
export function loginFrames(
  { token, deviceId, platform }: ClientOptions,
  inbox: Inbox,
  groups: GroupPart | undefined,
): () => ClientFrameOf<'login'> | Promise<ClientFrameOf<'login'>> {
  function frame(jwt: string): ClientFrameOf<'login'> {
    const { position, epoch } = inbox.log.tracker;
    const ref = inbox.log.syncer.newRef();
    return {
      type: 'login',
      token: jwt,
      deviceId,
      position,
      ref,
      ...groups?.login(ref),
      ...defined({ platform, epoch }),
    };
  }

  return () => {
    const jwt = typeof token === 'string' ? token : token();
    return typeof jwt === 'string' ? frame(jwt) : jwt.then(frame);
  };
}
