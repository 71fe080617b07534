import { createSamples, KINDS, MOVED_SAMPLES, rowsOf, toRecord } from '@chasqui/contracts';
import { encodeMessage, groupLog, type Message } from '@chasqui/domain';
import { openEmbeddedEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';

export const PARTS = { clock: systemClock, random: systemRandom, logger: silentLogger };
const BOUNDS = { maxGroupMembers: 100, maxGroupsPerUser: 20 };

/** Fills an empty installation with rows of every kind, and with conversations and a group that were in use. */
export async function fill(engines: Engines, count: number): Promise<Message[]> {
  for (const kind of KINDS) await engines.movable.put(kind, MOVED_SAMPLES[kind]);
  await engines.movable.finish();
  const samples = createSamples(systemClock);
  const details = { name: 'Climbers', description: '', picture: '', settings: {}, members: ['user-2', 'user-3'] };
  const change = {
    change: 'create' as const,
    details,
    conversationId: 'climbers',
    changeId: 'c-1',
    by: 'user-1',
    at: 1,
  };
  await engines.groups.apply(change, BOUNDS);
  const messages = Array.from({ length: count }, (_, n) => {
    const from = `user-${(n % 3) + 1}`;
    return n % 4 === 0
      ? samples.message({ from, kind: 'group', conversationId: 'climbers', audience: [groupLog('climbers')] })
      : samples.message({ from, to: `user-${((n + 1) % 3) + 1}`, text: `text ${n} 你好` });
  });
  for (let start = 0; start < count; start += 500) {
    const some = messages.slice(start, start + 500);
    const steps = [{ state: 'stored' as const, at: 5, node: 'b1' }];
    await engines.messages.put(some.map((message) => ({ ...encodeMessage(message), steps })));
    await engines.conversations.record(some.map((message) => toRecord(message)));
  }
  const [, direct, edited, recalled] = messages as [Message, Message, Message, Message];
  const [member = ''] = direct.audience.filter((log) => log !== direct.from);
  await engines.messages.raise([{ ...direct, member, status: 'delivered', at: 9, node: 'n1' }]);
  const at = systemClock.now();
  const edit = { action: 'edit', content: { text: 'said better' }, actionId: 'e-1', revision: 1, at } as const;
  const keyOf = ({ conversationId, messageId }: Message) => ({ conversationId, messageId, node: 'n1' });
  await engines.messages.apply([
    { ...keyOf(edited), action: { ...edit, by: edited.from } },
    { ...keyOf(recalled), action: { action: 'recall', revision: 1, by: recalled.from, at } },
  ]);
  await engines.conversations.markRead({ ...direct, userId: member, upTo: direct.messageId, at, node: 'n1' });
  return messages;
}

/** Everything that an installation has, but for epochs. */
export async function contentOf(engines: Engines) {
  const rows = await Promise.all(KINDS.map(async (kind) => [kind, await rowsOf(engines.movable, kind, 1_000)]));
  const { messages } = await engines.messages.scan(null, 100_000);
  const unread = await Promise.all(['user-1', 'user-2', 'user-3'].map((user) => engines.conversations.unread(user)));
  const heads = await engines.groups.headsOf(
    ['user-1', 'user-2', 'user-3'].map((userId) => ({ conversationId: 'climbers', userId })),
  );
  const sorted = messages.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
  return {
    rows,
    messages: sorted.map((message) => ({ ...message, steps: message.steps })),
    unread,
    heads: heads.map((head) => ({ ...head, epoch: '' })),
  };
}

export function openFolder(dataDir: string, evenMoved = false) {
  return openEmbeddedEngines({ ...PARTS, dataDir, evenMoved });
}
