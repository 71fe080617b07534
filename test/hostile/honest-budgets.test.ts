import { createManualClock } from '@chasqui/contracts';
import { DEFAULT_LIMITS, directAudience, directConversation, formatMessageId, HybridClock } from '@chasqui/domain';
import { createMemoryConversations, createMemoryMessages } from '@chasqui/memory';
import { expect, test } from 'vitest';
import { MemoryConnection, memoryNode } from '../connect/memory-node.ts';
import { until } from '../journeys/devices.ts';

const STEP_MS = 10;

test('C16: a user who sends as fast as a session may is never refused for it', async () => {
  const clock = createManualClock();
  const node = memoryNode({ clock });
  const ann = await MemoryConnection.loggedIn(node, 'ann');
  const { messagesPerSecond, messageBurst } = DEFAULT_LIMITS;
  let n = 0;
  const send = (count: number) => {
    const text = 'x'.repeat(300);
    for (let i = 0; i < count; i++) {
      ann.write({ type: 'chat', clientMessageId: `c${n++}`, to: 'bob', content: { text } });
    }
  };
  // As many as may be in flight at once, until the burst is spent; then at the rate for two seconds.
  for (let sent = 0; sent < messageBurst; sent += 500) {
    send(500);
    await until(() => ann.frames.filter(({ type }) => type === 'send_ack').length === n, 'the acks');
  }
  for (let ms = 0; ms < 2_000; ms += STEP_MS) {
    await clock.advance(STEP_MS);
    send((messagesPerSecond * STEP_MS) / 1_000);
  }
  await clock.advance(1_000);
  expect(ann.frames.filter(({ type }) => type === 'error')).toEqual([]);
}, 30_000);

const WAITING = 100_000;
const PAGE = 500;
const conversationId = directConversation('ann', 'bob');

/** An inbox with this many messages from ann to bob, generated as it is read. */
function fullInbox(clock: ReturnType<typeof createManualClock>) {
  const idOf = (position: number) => formatMessageId({ millis: clock.now() - 3_600_000, counter: 0, tag: position });
  const { logs } = createMemoryConversations({ clock, ids: new HybridClock({ now: clock.now, tag: 1 }) });
  const messages = createMemoryMessages();
  const base = { conversationId, from: 'ann' } as const;
  return {
    logs: {
      ...logs,
      page: async (_: string, after: number, limit: number) => ({
        epoch: 'e',
        floor: 0,
        head: WAITING,
        entries: Array.from({ length: Math.min(limit, WAITING - after) }, (_, i) => {
          const position = after + i + 1;
          return {
            type: 'message' as const,
            position,
            messageId: idOf(position),
            clientMessageId: `c${position}`,
            ...base,
          };
        }),
      }),
    },
    messages: {
      ...messages,
      get: async (keys: readonly { messageId: string }[]) =>
        keys.map(({ messageId }) => ({
          messageId,
          fromDevice: 'd',
          clientMessageId: 'c',
          kind: 'c2c' as const,
          ...base,
          audience: directAudience('ann', 'bob'),
          content: { text: 'hello' },
          sentAt: 0,
          statuses: {},
          revision: 0,
          steps: [],
        })),
    },
  };
}

test('C10, C16: a device that syncs 100,000 messages, confirms and acks them page by page is never refused', async () => {
  const clock = createManualClock();
  const node = memoryNode({ clock, ...fullInbox(clock) });
  const bob = await MemoryConnection.loggedIn(node, 'bob');
  const started = clock.monotonic();
  const pages = () => bob.frames.filter((frame) => frame.type === 'offline_messages');
  let position = 0;
  while (position < WAITING) {
    const before = pages().length;
    bob.write({ type: 'sync_offline_messages', position, limit: PAGE });
    for (let waited = 0; waited < 2_000 && pages().length === before; waited += STEP_MS) await clock.advance(STEP_MS);
    const page = pages().at(-1);
    expect(page?.updates.length).toBeGreaterThan(0);
    if (page === undefined) return;
    position = page.position;
    const messageIds = page.updates.flatMap((update) => (update.type === 'chat' ? [update.messageId] : []));
    bob.write({ type: 'ack', state: 'delivered', conversationId, messageIds });
    bob.write({ type: 'confirm_messages_synced', position });
    bob.write({ type: 'chat', clientMessageId: `answer-${position}`, to: 'ann', content: { text: 'yes' } });
    // The messages are shown, and the next page is requested at once.
    await clock.advance(1);
  }
  expect(bob.frames.filter(({ type }) => type === 'error')).toEqual([]);
  // The waiting is short too: less than a second for each 10,000 messages.
  expect(clock.monotonic() - started).toBeLessThan(15_000);
}, 60_000);
