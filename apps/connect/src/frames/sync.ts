import type { UpdatePage } from '@chasqui/core';
import { defined } from '@chasqui/domain';
import type { NodeContext } from '../node-context.ts';
import { readInTurn } from '../sessions/page-turn.ts';
import type { Session } from '../sessions/session.ts';
import { UnconfirmedPages } from '../sessions/unconfirmed-pages.ts';
import type { FrameHandler } from './frame-handler.ts';

const DEFAULT_PAGE = 200;

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

/** Reads and sends a page of a log. */
export async function withPage(
  node: NodeContext,
  session: Session,
  turn: 'syncing' | 'syncingLog',
  wanted: number | undefined,
  { read, send }: { read(limit: number): Promise<UpdatePage>; send(page: UpdatePage): void },
): Promise<void> {
  const limit = Math.min(wanted ?? DEFAULT_PAGE, node.limits.maxSyncPage);
  const page = await readInTurn(node, session, turn, limit, {
    read: () => read(limit),
    itemsOf: ({ updates }) => updates.length,
  });
  if (page === null) return;
  for (const update of page.updates) {
    if (update.type !== 'chat') continue;
    node.ids.observe(update.messageId);
    session.paidAcks++;
  }
  send(page);
}

export const handleSync: FrameHandler<'sync_offline_messages'> = (node, session, frame) =>
  sendPage(node, session, frame);
