import { contentDigests, directAudience } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { GroupBatch } from '../groups/record-in-group.ts';
import { senderKey } from './dedup-rows.ts';
import { type BatchState, RecordBatch } from './record-batch.ts';

const message = {
  messageId: `0199c3d2a4f1${'0'.repeat(12)}`,
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'phone',
  clientMessageId: 'k',
  kind: 'c2c' as const,
  sentAt: 1_000,
  audience: directAudience('ann', 'bob'),
};
const groups = new GroupBatch([], 0);
const content = { text: 'hi', data: { z: 1, a: 2 } };
const digestsOf = (of: object) => contentDigests({ to: 'bob', kind: 'c2c', content: of });

test('C4: what a release before recorded, with its digest, is the same message when it is sent again', () => {
  const heads = new Map(['ann', 'bob'].map((log) => [log, { log, head: 1, floor: 0, unread: 1, oldestAt: 1 }]));
  for (const digest of digestsOf(content)) {
    const first = { messageId: message.messageId, digest: digest ?? '', placesIn: () => [] };
    const state: BatchState = { heads, entries: new Map(), first: new Map([[senderKey(message), first]]), groups };
    const results = [content, { data: { z: 1, a: 2 }, text: 'no' }].map(
      (sent) => new RecordBatch(state, 2_000).record({ ...message, content: sent, digests: digestsOf(sent) }).result,
    );
    expect(results).toEqual(['duplicate', 'conflict']);
  }
});

test('C8: among three, a message that sorts below one of another sender is late for whoever gets both', () => {
  const audience = ['ann', 'bob', 'cat'];
  const heads = new Map(audience.map((log) => [log, { log, head: 0, floor: 0, unread: 0, oldestAt: null }]));
  const batch = new RecordBatch({ heads, entries: new Map(), first: new Map(), groups }, 2_000);
  const from = (user: string, n: number) => ({
    ...message,
    messageId: `0199c3d2a4f${n}${'0'.repeat(12)}`,
    conversationId: 'ann~bob~cat',
    from: user,
    clientMessageId: `k${n}`,
    content,
    audience: [user, ...audience.filter((other) => other !== user)],
    digests: digestsOf(content),
  });
  batch.record(from('ann', 5));
  batch.record(from('cat', 3));
  const [inserts] = batch.writes();
  const rows = inserts?.values?.[0] as unknown as [log: string, position: number, ...rest: unknown[]][];
  const previousOf = (log: string, position: number) => rows.find((row) => row[0] === log && row[1] === position)?.[7];
  // Of cat's message: bob has ann's above it; ann has no other incoming one.
  expect([previousOf('bob', 2), previousOf('ann', 2)]).toEqual([-1, 0]);
});
