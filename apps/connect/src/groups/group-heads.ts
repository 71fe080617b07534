import { type GroupHeadFrame, groupHead, withoutHidden } from '@chasqui/core';
import { type ConversationId, defined, type UserId } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import type { GroupHead } from '@chasqui/ports';
import { type ClientFrameOf, MAX_HEADS } from '@chasqui/protocol';
import type { NodeContext } from '../node-context.ts';
import { readInTurn } from '../sessions/page-turn.ts';
import type { Session } from '../sessions/session.ts';
import { STORE_BACKOFF } from './membership-reads.ts';

/**
 * How far the clocks of processes that store messages may differ: a cursor is this much earlier, ms. It is never ahead of
 * this node's clock, so that a group with a time in the future hides no news of others.
 */
const CURSOR_SLACK_MS = 60_000;

type HeadSource = Pick<NodeContext, 'groupStore' | 'states' | 'clock' | 'random' | 'logger'>;
export type HeadsRequest = Omit<ClientFrameOf<'groups'>, 'type'>;

/**
 * Sends a page of the user's groups with news. The greatest cursor of all pages holds: later ones have older groups.
 * Errors: `too_fast` while a page is being read; `store_unavailable`.
 */
export async function sendHeads(node: NodeContext, session: Session, request: HeadsRequest): Promise<void> {
  const { since = 0, before, ref } = request;
  const limit = Math.min(request.limit ?? MAX_HEADS, MAX_HEADS);
  const heads = await readInTurn(node, session, 'listingGroups', limit, {
    async read() {
      const found = await node.groupStore.heads(session.userId, { since, ...defined({ before }), limit });
      return shownHeads(node, session.userId, found);
    },
    itemsOf: ({ length }) => length,
  });
  if (heads === null) return;
  const now = node.clock.now();
  const last = heads.length < limit ? undefined : heads.at(-1)?.group;
  session.send({
    type: 'groups',
    groups: heads.map(({ shown }) => shown),
    cursor: Math.max(since, ...heads.map(({ group }) => Math.min(group.updatedAt, now) - CURSOR_SLACK_MS)),
    ...(last === undefined ? {} : { before: { updatedAt: last.updatedAt, conversationId: last.conversationId } }),
    ...defined({ ref }),
  });
}

/** Groups as the user's list shows them: without the preview of a message that they have hidden. */
async function shownHeads(
  { states }: Pick<HeadSource, 'states'>,
  userId: UserId,
  heads: readonly GroupHead[],
): Promise<(GroupHead & { shown: GroupHeadFrame })[]> {
  const lastOf = ({ group: { conversationId, lastMessageId: messageId } }: GroupHead) =>
    messageId === '' ? null : { conversationId, messageId };
  const visible = await withoutHidden(states, userId, heads.map(lastOf));
  return heads.map((head, index) => {
    const shown = groupHead(head);
    return { ...head, shown: visible[index] === null ? { ...shown, preview: '' } : shown };
  });
}

/**
 * Adds a session that has just logged in to its groups, and sends the first page of news. Subscribed first: what is
 * stored later is sent live, and what was stored before is in the heads. Never rejects.
 */
export async function enterGroups(node: NodeContext, session: Session, since: number, ref?: string): Promise<void> {
  session.groupsCursor = since;
  await node.groups.enter(session);
  await untilSent(node, session, () => sendHeads(node, session, { since, ...defined({ ref }) }));
}

/**
 * Tells a session the state of a group that it has joined while it was logged in: what was sent before is behind the
 * head. Never rejects.
 */
export async function tellJoined(node: HeadSource, session: Session, conversationId: ConversationId): Promise<void> {
  const { userId, groupsCursor: cursor } = session;
  await untilSent(node, session, async () => {
    const [head] = await node.groupStore.headsOf([{ conversationId, userId }]);
    if (head == null) return;
    const groups = (await shownHeads(node, userId, [head])).map(({ shown }) => shown);
    session.send({ type: 'groups', groups, cursor });
  });
}

/** While the store is away it is asked again (C11). */
async function untilSent(node: HeadSource, session: Session, send: () => Promise<void>): Promise<void> {
  for (let attempt = 0; !session.isOver; attempt++) {
    try {
      await send();
      return;
    } catch (error) {
      node.logger.debug({ err: error }, 'the groups of a session could not be sent: trying again');
      await sleep(node.clock, backoffMs(attempt, STORE_BACKOFF, node.random));
    }
  }
}
