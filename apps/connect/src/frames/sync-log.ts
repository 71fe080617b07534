import { defined, ImError, visibleIntervals } from '@chasqui/domain';
import type { NodeContext } from '../node-context.ts';
import type { Session } from '../sessions/session.ts';
import type { FrameHandler } from './frame-handler.ts';
import { withPage } from './sync.ts';

/** Sends one page of a group's log, of what the user may see by what the store says now (C20). */
export const handleSyncLog: FrameHandler<'sync'> = async (node, session, frame) => {
  const { conversationId, position, epoch, ref } = frame;
  await withPage(node, session, 'syncingLog', frame.limit, {
    async read(limit) {
      const intervals = await visibleTo(node, session, conversationId);
      return node.logReader.groupPage(conversationId, intervals, { after: position, limit, ...defined({ epoch }) });
    },
    send({ reset, ...page }) {
      session.send({ type: 'log_updates', conversationId, ...page, ...(reset ? { reset } : {}), ...defined({ ref }) });
    },
  });
};

/** Errors: `not_a_member`, `store_unavailable`. */
async function visibleTo({ groupStore }: NodeContext, { userId }: Session, conversationId: string) {
  const [[group], [member]] = await Promise.all([
    groupStore.groups([conversationId]),
    groupStore.members([{ conversationId, userId }]),
  ]);
  const intervals = group == null ? [] : visibleIntervals(group, member);
  if (intervals.length > 0) return intervals;
  throw new ImError('not_a_member', 'you are not a member of this conversation', { field: 'conversationId' });
}
