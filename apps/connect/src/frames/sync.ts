import { ImError } from '@chasqui/domain';
import type { NodeContext } from '../node-context.ts';
import { SentPages } from '../sent-pages.ts';
import type { Session } from '../session.ts';
import type { FrameHandler } from './index.ts';

const DEFAULT_PAGE = 200;

export interface SyncRequest {
  position: number;
  epoch?: string;
  limit?: number;
  ref?: string;
}

/** Sends one page of the session's inbox. One at a time a session, so that pages cannot pile up behind a slow socket. */
export async function sendPage(node: NodeContext, session: Session, request: SyncRequest): Promise<void> {
  if (session.syncing) throw new ImError('too_fast', 'one sync at a time', { retryAfterMs: 100 });
  session.syncing = true;
  const askedAt = node.clock.monotonic();
  try {
    const limit = Math.min(request.limit ?? DEFAULT_PAGE, node.limits.maxSyncPage);
    const page = await node.inbox.page(session.userId, request.position, limit, request.epoch);
    for (const update of page.updates) if (update.type === 'chat') node.ids.observe(update.messageId);
    const { reset, ...rest } = page;
    session.send({
      type: 'offline_messages',
      ...rest,
      ...(reset ? { reset } : {}),
      ...(request.ref === undefined ? {} : { ref: request.ref }),
    });
    if (page.updates.length === 0) return;
    const [after, upTo] = [page.position - page.updates.length, page.position];
    session.sentPages ??= new SentPages();
    session.sentPages.sent({ after, upTo, askedAt, sentAt: node.clock.monotonic() });
  } finally {
    session.syncing = false;
  }
}

export const handleSync: FrameHandler<'sync_offline_messages'> = (node, session, frame) =>
  sendPage(node, session, frame);
