import type { UpdatePage } from '@chasqui/core';
import { defined, ImError } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import { ITEM_COSTS } from '../admission/work-costs.ts';
import type { NodeContext } from '../node-context.ts';
import type { Session } from '../sessions/session.ts';
import { UnconfirmedPages } from '../sessions/unconfirmed-pages.ts';
import type { FrameHandler } from './frame-handler.ts';

const DEFAULT_PAGE = 200;
/** Share of a burst that syncing leaves to the user's other frames. */
const LEFT_TO_OTHERS = 0.5;

export interface SyncRequest {
  position: number;
  epoch?: string;
  limit?: number;
  ref?: string;
}

/** Sends one page of the session's inbox. */
export async function sendPage(node: NodeContext, session: Session, request: SyncRequest): Promise<void> {
  const { position, epoch, ref } = request;
  const askedAt = node.clock.monotonic();
  await withPage(node, session, 'syncing', request.limit, {
    read: (limit) => node.logReader.page(session.userId, position, limit, epoch),
    send({ reset, ...page }) {
      session.send({ type: 'offline_messages', ...page, ...(reset ? { reset } : {}), ...defined({ ref }) });
      if (page.updates.length === 0) return;
      const [after, upTo] = [page.position - page.updates.length, page.position];
      session.unconfirmedPages ??= new UnconfirmedPages();
      session.unconfirmedPages.sent({ after, upTo, askedAt, sentAt: node.clock.monotonic() });
    },
  });
}

/**
 * Reads and sends a page of a log. Only one page per session and `turn` is in flight, so that pages cannot pile up behind
 * a slow socket. A user who has spent much waits for the page; a device that catches up is never refused.
 */
export async function withPage(
  node: NodeContext,
  session: Session,
  turn: 'syncing' | 'syncingLog',
  wanted: number | undefined,
  { read, send }: { read(limit: number): Promise<UpdatePage>; send(page: UpdatePage): void },
): Promise<void> {
  if (session[turn]) throw new ImError('too_fast', 'the previous sync is not answered yet', { retryAfterMs: 100 });
  session[turn] = true;
  try {
    await untilAffordable(node, session);
    if (session.state === 'closed') return;
    const limit = Math.min(wanted ?? DEFAULT_PAGE, node.limits.maxSyncPage);
    // The whole page is charged before it is read, so that the user's other devices see the cost. The excess is given
    // back.
    node.work.spend(session.userId, limit * ITEM_COSTS.update);
    const page = await read(limit);
    node.work.spend(session.userId, (page.updates.length - limit) * ITEM_COSTS.update);
    for (const update of page.updates) {
      if (update.type !== 'chat') continue;
      node.ids.observe(update.messageId);
      session.paidAcks++;
    }
    send(page);
  } finally {
    session[turn] = false;
  }
}

async function untilAffordable({ work, clock }: NodeContext, session: Session): Promise<void> {
  while (session.state !== 'closed') {
    const waitMs = work.waitMs(session.userId, LEFT_TO_OTHERS);
    if (waitMs === 0) return;
    await sleep(clock, waitMs);
  }
}

export const handleSync: FrameHandler<'sync_offline_messages'> = (node, session, frame) =>
  sendPage(node, session, frame);
