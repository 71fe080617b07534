import { ConversationAccess } from '@chasqui/core';
import { defined, visibleIntervals } from '@chasqui/domain';
import type { FrameHandler } from './frame-handler.ts';
import { withPage } from './sync.ts';

/** Sends one page of a group's log, of what the user may see by what the store says now (C20). */
export const handleSyncLog: FrameHandler<'sync'> = async (node, session, frame) => {
  const { conversationId, position, epoch, ref } = frame;
  await withPage(node, session, 'syncingLog', frame.limit, {
    async read(limit) {
      const { group, member } = await new ConversationAccess(node.groupStore).place(conversationId, session.userId);
      const intervals = visibleIntervals(group, member);
      return node.logReader.groupPage(conversationId, intervals, { after: position, limit, ...defined({ epoch }) });
    },
    send({ reset, ...page }) {
      session.send({ type: 'log_updates', conversationId, ...page, ...(reset ? { reset } : {}), ...defined({ ref }) });
    },
  });
};
