import { defined } from '@chasqui/domain';
import type { ClientFrameOf } from '@chasqui/protocol';
import type { GroupList } from './group-list.ts';
import type { Inbox } from './inbox.ts';
import type { ClientOptions } from './options.ts';

/**
 * Makes the login frame of each attempt, with a request for the first page of the inbox and of the groups. Rejects when
 * the token source does.
 */
export function loginFrames(
  { token, deviceId, platform }: ClientOptions,
  inbox: Inbox,
  groups: GroupList,
): () => ClientFrameOf<'login'> | Promise<ClientFrameOf<'login'>> {
  function frame(jwt: string): ClientFrameOf<'login'> {
    const { position, epoch } = inbox.tracker;
    const ref = inbox.syncer.loginRef();
    return {
      type: 'login',
      token: jwt,
      deviceId,
      position,
      ref,
      ...groups.login(ref),
      ...defined({ platform, epoch }),
    };
  }

  return () => {
    const jwt = typeof token === 'string' ? token : token();
    return typeof jwt === 'string' ? frame(jwt) : jwt.then(frame);
  };
}
