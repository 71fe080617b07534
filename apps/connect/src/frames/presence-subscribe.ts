import { ImError } from '@chasqui/domain';
import { tellPresence } from '../presence-watch.ts';
import type { FrameHandler } from './index.ts';

/** Replaces what the session watches, and tells where everybody stands now. */
export const handlePresenceSubscribe: FrameHandler<'presence_subscribe'> = async (node, session, { users }) => {
  if (users.length > node.limits.maxPresenceSubscriptions) {
    throw new ImError('invalid_frame', `at most ${node.limits.maxPresenceSubscriptions} users`, { field: 'users' });
  }
  const watched = [...new Set(users)];
  session.watchedUsers = watched.length === 0 ? null : new Map(watched.map((userId) => [userId, null]));
  const found = await node.presence.lookup(watched);
  const online = new Map(watched.map((userId, index) => [userId, (found[index]?.length ?? 0) > 0]));
  tellPresence(session, online, node.clock.now());
};
