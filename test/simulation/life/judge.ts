import { ConversationAccess } from '@chasqui/core';
import {
  belongs,
  DEFAULT_LIMITS,
  groupLog,
  isCurrent,
  isGroupId,
  isIn,
  type StoredMessage,
  type UserId,
} from '@chasqui/domain';
import type { MessageStore } from '@chasqui/ports';
import { findMessages } from '../../../apps/api/src/people/find-messages.ts';
import { judgeLives, type LivingDevice, type Violation } from '../../checker/index.ts';
import type { Stage } from '../stage.ts';

const PAGE = 500;
const FOUND = 100;

/** C25 on a stage that has settled. */
export async function judgeLife({ world, devices, groups }: Stage): Promise<Violation[]> {
  const engines = world.engines.set;
  const users = [...new Set([...devices.values()].map(({ user }) => user))];
  const members = await engines.groups.members(
    groups.flatMap((conversationId) => users.map((userId) => ({ conversationId, userId }))),
  );
  const open = new Set<string>();
  for (const group of groups) if (await mayHaveShownAll(engines, group)) open.add(group);
  const maySee = (user: UserId, message: Pick<StoredMessage, 'conversationId' | 'messageId'>, ever = false) => {
    const { conversationId, messageId } = message;
    if (!isGroupId(conversationId)) return belongs(conversationId, user);
    const member = members.find((one) => one?.conversationId === conversationId && one.userId === user);
    if (ever) return member != null && (open.has(conversationId) || isIn(member.intervals, messageId));
    // Who was away meanwhile has not got all updates of what they still show.
    return isCurrent(member) && isIn(member.intervals.slice(-1), messageId);
  };
  const { search, groups: store, conversationStates, messages } = engines;
  const context = { search, groups: store, conversationStates, messages, limits: DEFAULT_LIMITS };
  const access = new ConversationAccess(store);
  const find = async (user: UserId, text: string) => {
    const { items } = await findMessages({ ...context, access }, user, { text, limit: FOUND });
    return items.map(({ messageId }) => messageId);
  };
  const living = [...devices.values()].map(
    (device): LivingDevice => ({
      device: device.name,
      user: device.user,
      shown: device.shownMessages().filter(({ conversationId, messageId }) => {
        return conversationId !== '' && messageId !== '' && maySee(device.user, { conversationId, messageId });
      }),
    }),
  );
  const { lives, hidden } = world.witness;
  return judgeLives({
    ...{ history: world.history, messages: await allOf(messages), lives, hidden, devices: living, maySee, find },
  });
}

/** Whether newcomers may or might read what was there before them, at any time. */
async function mayHaveShownAll({ groups, logs }: Stage['world']['engines']['set'], id: string): Promise<boolean> {
  const [group] = await groups.groups([id]);
  if (group?.settings.history === 'all') return true;
  const { entries } = await logs.page(groupLog(id), 0, 10_000);
  // The log says what was set, and not what it was at first: any change of it may have been one from `all`.
  return entries.some((entry) => entry.type === 'notice' && entry.values?.settings?.history !== undefined);
}

async function allOf(messages: MessageStore): Promise<StoredMessage[]> {
  const all: StoredMessage[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<MessageStore['scan']>> = await messages.scan(cursor, PAGE);
    all.push(...page.messages);
    cursor = page.cursor;
    if (cursor === null) return all;
  }
}
