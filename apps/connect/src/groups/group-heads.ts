import { groupHead } from '@chasqui/core';
import { type ConversationId, defined, ImError } from '@chasqui/domain';
import type { GroupHead } from '@chasqui/ports';
import { type ClientFrameOf, MAX_HEADS } from '@chasqui/protocol';
import { ITEM_COSTS } from '../admission/work-costs.ts';
import type { NodeContext } from '../node-context.ts';
import type { Session } from '../sessions/session.ts';

/** How far the clocks of processes that store messages may differ: a cursor is this much earlier, ms. */
const CURSOR_SLACK_MS = 60_000;
/** Groups in one read of those that a session has joined. */
const TOLD_AT_ONCE = 200;

export type HeadsRequest = Omit<ClientFrameOf<'groups'>, 'type'>;

/** Sends a page of the user's groups with news. Errors: `store_unavailable`. */
export async function sendHeads(node: NodeContext, session: Session, request: HeadsRequest): Promise<void> {
  const { since = 0, before, ref } = request;
  const limit = Math.min(request.limit ?? MAX_HEADS, MAX_HEADS);
  const heads = await node.groupStore.heads(session.userId, { since, ...defined({ before }), limit });
  node.work.spend(session.userId, heads.length * ITEM_COSTS.update);
  const last = heads.length < limit ? undefined : heads.at(-1)?.group;
  const more = last === undefined ? {} : { before: { updatedAt: last.updatedAt, conversationId: last.conversationId } };
  send(session, heads, Math.max(since, session.groupsCursor), { ...more, ...defined({ ref }) });
}

/** Tells a session the state of groups that it has just joined: what was sent before is behind their heads. */
export async function tellJoined(node: NodeContext, session: Session, ids: readonly ConversationId[]): Promise<void> {
  const keys = ids.slice(0, TOLD_AT_ONCE).map((conversationId) => ({ conversationId, userId: session.userId }));
  const heads = await node.groupStore.headsOf(keys);
  send(session, heads.filter((head) => head !== null), session.groupsCursor, {});
}

/** The greatest cursor of all pages holds: the pages after the first one have older groups. */
function send(
  session: Session,
  heads: readonly GroupHead[],
  atLeast: number,
  rest: { before?: { updatedAt: number; conversationId: ConversationId }; ref?: string },
): void {
  const newest = Math.max(0, ...heads.map(({ group }) => group.updatedAt - CURSOR_SLACK_MS));
  session.groupsCursor = Math.max(atLeast, newest);
  session.send({ type: 'groups', groups: heads.map(groupHead), cursor: session.groupsCursor, ...rest });
}

/** Adds a session that has just logged in to its groups, and sends the first page of news. Never rejects. */
export async function enterGroups(node: NodeContext, session: Session, since: number, ref?: string): Promise<void> {
  try {
    // Subscribed first: what is stored later is sent live, and what was stored before is in the heads.
    await node.groups.enter(session);
    if (!session.isOver) await sendHeads(node, session, { since, ...defined({ ref }) });
  } catch (error) {
    const { code, retry } = ImError.from(error);
    node.logger.debug({ err: error }, `the groups of a session could not be sent: ${code}`);
    if (retry !== 'never' && !session.isOver) session.send({ type: 'sync_needed' });
  }
}
