import { ImError } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import { ITEM_COSTS } from '../admission/work-costs.ts';
import type { NodeContext } from '../node-context.ts';
import type { Session } from './session.ts';

/** What is read in pages: the inbox, the log of a group, the user's groups. */
type PageTurn = 'syncing' | 'syncingLog' | 'listingGroups';

/** Share of a burst that syncing leaves to the user's other frames. */
const LEFT_TO_OTHERS = 0.5;

/**
 * Reads a page for a session. Only one page per session and turn is in flight, so that pages cannot pile up before the
 * store or behind a slow socket. A user who has spent much waits for the page; a device that catches up is never
 * refused. Null: the session was closed meanwhile.
 */
export async function readInTurn<P>(
  node: Pick<NodeContext, 'work' | 'clock'>,
  session: Session,
  turn: PageTurn,
  limit: number,
  { read, itemsOf }: { read(): Promise<P>; itemsOf(page: P): number },
): Promise<P | null> {
  if (session[turn]) throw new ImError('too_fast', 'the previous page is not answered yet', { retryAfterMs: 100 });
  session[turn] = true;
  try {
    await untilAffordable(node, session);
    if (session.state === 'closed') return null;
    // The whole page is charged before it is read, so that the user's other devices see the cost. The excess is given
    // back.
    node.work.spend(session.userId, limit * ITEM_COSTS.update);
    const page = await read();
    node.work.spend(session.userId, (itemsOf(page) - limit) * ITEM_COSTS.update);
    return page;
  } finally {
    session[turn] = false;
  }
}

async function untilAffordable({ work, clock }: Pick<NodeContext, 'work' | 'clock'>, session: Session): Promise<void> {
  while (session.state !== 'closed') {
    const waitMs = work.waitMs(session.userId, LEFT_TO_OTHERS);
    if (waitMs === 0) return;
    await sleep(clock, waitMs);
  }
}
