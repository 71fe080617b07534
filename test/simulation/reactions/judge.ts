import { isCurrent, isIn } from '@chasqui/domain';
import type { MessageStore } from '@chasqui/ports';
import { checkReactions, type ReactingDevice, type Violation } from '../../checker/index.ts';
import type { Stage } from '../stage.ts';

const PAGE = 500;

/** C24 on a stage that has settled. */
export async function judgeReactions({ world, devices, groups }: Stage): Promise<Violation[]> {
  const { reactions, groups: store, messages } = world.engines.set;
  const users = [...new Set([...devices.values()].map(({ user }) => user))];
  const keys = groups.flatMap((conversationId) => users.map((userId) => ({ conversationId, userId })));
  const members = await store.members(keys);
  const memberOf = (userId: string, id: string) =>
    members[keys.findIndex((key) => key.userId === userId && key.conversationId === id)];
  /** Who was away meanwhile has not got all updates of what they still show. */
  const getsAll = (userId: string, { conversationId, messageId }: { conversationId: string; messageId: string }) => {
    if (!groups.includes(conversationId)) return true;
    const member = memberOf(userId, conversationId);
    return isCurrent(member) && isIn(member.intervals.slice(-1), messageId);
  };
  const reacting = [...devices.values()].map(
    (device): ReactingDevice => ({
      device: device.name,
      user: device.user,
      shown: device.reactedTo().filter((key) => getsAll(device.user, key)),
    }),
  );
  return checkReactions(reactions, reacting, await recalledIn(messages));
}

async function recalledIn(messages: MessageStore) {
  const recalled: { conversationId: string; messageId: string }[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<MessageStore['scan']>> = await messages.scan(cursor, PAGE);
    recalled.push(...page.messages.filter(({ recalledAt }) => recalledAt !== undefined));
    cursor = page.cursor;
    if (cursor === null) return recalled;
  }
}
