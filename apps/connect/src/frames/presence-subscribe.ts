import { ImError } from '@chasqui/domain';
import type { FrameHandler } from './index.ts';

/** Replaces what the session watches, and tells where everybody stands now. */
export const handlePresenceSubscribe: FrameHandler<'presence_subscribe'> = async (node, session, { users }) => {
  if (users.length > node.limits.maxPresenceSubscriptions) {
    throw new ImError('invalid_frame', `at most ${node.limits.maxPresenceSubscriptions} users`, { field: 'users' });
  }
  session.watchedUsers = users.length === 0 ? null : new Set(users);
  const watched = [...new Set(users)];
  const found = await node.presence.lookup(watched);
  for (const [index, userId] of watched.entries()) {
    const online = (found[index]?.length ?? 0) > 0;
    session.send({ type: 'presence', userId, online, at: node.clock.now() });
  }
};
