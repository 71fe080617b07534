import { ImError } from '@chasqui/domain';
import { ITEM_COSTS } from '../admission/work-costs.ts';
import { tellPresence } from '../presence/presence-watch.ts';
import type { FrameHandler } from './frame-handler.ts';

/**
 * Replaces the set of users that the session watches, and sends the current presence of each. Users who hide their
 * presence appear offline.
 */
export const handlePresenceSubscribe: FrameHandler<'presence_subscribe'> = async (node, session, { users }) => {
  if (users.length > node.limits.maxPresenceSubscriptions) {
    throw new ImError('invalid_frame', `at most ${node.limits.maxPresenceSubscriptions} users`, { field: 'users' });
  }
  const asked = [...new Set(users)];
  const known = asked.filter((userId) => session.watchedUsers?.has(userId)).length;
  node.work.spend(session.userId, known * ITEM_COSTS.watchAgain + (asked.length - known) * ITEM_COSTS.freshWatch);
  const watched = await node.presenceVisibility.visibleTo(session.userId, asked);
  session.watchedUsers = watched.length === 0 ? null : new Map(watched.map((userId) => [userId, null]));
  const at = node.clock.now();
  const visible = new Set(watched);
  for (const userId of asked) {
    if (!visible.has(userId)) session.send({ type: 'presence', userId, online: false, at });
  }
  const found = await node.presence.lookup(watched);
  const online = new Map(watched.map((userId, index) => [userId, (found[index]?.length ?? 0) > 0]));
  tellPresence(session, online, node.clock.now());
};
