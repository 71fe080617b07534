import { ConversationAccess } from '@chasqui/core';
import { defined, visibleIntervals } from '@chasqui/domain';
import type { FrameHandler } from './frame-handler.ts';
import { withPage } from './sync.ts';

/** Sends one page of a group's log, of what the user may see by what the store says now (C20). */
export const handleSyncLog: FrameHandler<'sync'> = async (node, session, frame) => {
  const { conversationId, position, epoch, ref } = frame;
  await withPage(node, session, 'syncingLog', frame.limit, {
    async read(limit) {
      const lastChange = () => node.groups.lastChange(conversationId, session.userId);
      for (;;) {
        const before = lastChange();
        const { group, member } = await new ConversationAccess(node.groupStore).place(conversationId, session.userId);
        const visible = { intervals: visibleIntervals(group, member), member };
        const options = { after: position, limit, ...defined({ epoch }) };
        const page = await node.logReader.groupPage(session.userId, conversationId, visible, options);
        // A removal that was acked meanwhile holds for this page too (C20).
        if (lastChange() === before) return page;
      }
    },
    send({ reset, ...page }) {
      session.send({ type: 'log_updates', conversationId, ...page, ...(reset ? { reset } : {}), ...defined({ ref }) });
    },
  });
};
