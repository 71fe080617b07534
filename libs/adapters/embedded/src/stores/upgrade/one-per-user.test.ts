import { join } from 'node:path';
import { type LogEntry, overallStatus } from '@chasqui/domain';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type EmbeddedEngines, openEmbeddedEngines } from '../../index.ts';
import { direct, toRecord } from '../../testing/direct-messages.ts';
import { writeFormerStore } from '../../testing/former-store.ts';
import { parts, scratchFolder } from '../../testing/scratch.ts';

// version-9.sql was written by release 0.1 with these calls. Up to number 53 everything is in the tables, the rest is
// in the journal. *Withheld*: the receiver silently blocked the sender. Ann to Eve 1 and 2 (then all inboxes were
// trimmed) and 3; Ann to Bob 11 (delivered), 12 (read) and 13; Ann to Cat 20, and 21 withheld (unread); Gus to Hal
// 50–53. Then Bob to Ann 14; Bob read up to 12; Ann to Bob 15, recalled; Ann to Dan 22, withheld; Ann to Cat 23,
// withheld; 21 recalled; Ann to Bob 10 from a laptop and 16 from the phone.

const root = scratchFolder();
let made = 0;
const idOf = (n: number) => `0190${String(n).padStart(20, '0')}`;
const now = () => 1_800_000_003_000;

async function open(dataDir: string): Promise<EmbeddedEngines> {
  const clock = { ...parts.clock, now };
  const engines = await openEmbeddedEngines({ ...parts, clock, dataDir, upgrade: true });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  return engines;
}

function former(): string {
  const dataDir = join(root, String(++made));
  writeFormerStore(dataDir);
  return dataDir;
}

async function inbox({ logs }: EmbeddedEngines, user: string) {
  const { entries, head, floor } = await logs.page(user, 0, 100);
  const shown = (entry: LogEntry) => {
    if (entry.type === 'message') return `${entry.from} ${Number(entry.messageId.slice(4))}`;
    return entry.type === 'action'
      ? `${entry.action} ${entry.revision} ${Number(entry.messageId.slice(4))}`
      : entry.type;
  };
  expect(entries.map(({ position }) => position)).toEqual(entries.map((_, i) => floor + 1 + i));
  return { head, floor, entries: entries.map(shown) };
}

describe('a file of version 9 is brought over', () => {
  test('C8, C10: entries, counts, marks and logs are what they were, and what one silenced stays its sender’s', async () => {
    const engines = await open(former());
    expect(await inbox(engines, 'ann')).toEqual({
      head: 17,
      floor: 2,
      entries: [
        ...['ann 3', 'ann 11', 'ann 12', 'ann 13', 'receipt', 'ann 20', 'ann 21', 'bob 14', 'ann 15', 'recall 1 15'],
        ...['ann 22', 'ann 23', 'recall 1 21', 'ann 10', 'ann 16'],
      ],
    });
    expect(await inbox(engines, 'bob')).toEqual({
      head: 9,
      floor: 0,
      entries: ['ann 11', 'ann 12', 'ann 13', 'bob 14', 'read', 'ann 15', 'recall 1 15', 'ann 10', 'ann 16'],
    });
    expect((await inbox(engines, 'cat')).entries).toEqual(['ann 20']);
    expect((await inbox(engines, 'dan')).entries).toEqual([]);
    const entry = (userId: string, conversationId: string) =>
      engines.conversations.entries([{ userId, conversationId }]);
    expect(await entry('bob', 'ann~bob')).toEqual([
      {
        userId: 'bob',
        conversationId: 'ann~bob',
        lastMessageId: idOf(16),
        lastFrom: 'ann',
        preview: 'needle16',
        unread: 3,
        read: { upTo: idOf(12), at: 0, node: '' },
        updatedAt: 1_800_000_002_016,
      },
    ]);
    expect(await entry('ann', 'ann~cat')).toMatchObject([
      { lastMessageId: idOf(23), lastFrom: 'ann', preview: 'needle23' },
    ]);
    expect(await entry('cat', 'ann~cat')).toMatchObject([{ lastMessageId: idOf(20), preview: 'needle20', unread: 1 }]);
    expect(await entry('ann', 'ann~dan')).toMatchObject([
      { lastMessageId: idOf(22), lastFrom: 'ann', preview: 'needle22' },
    ]);
    expect(await entry('dan', 'ann~dan')).toEqual([null]);
    const listed = async (user: string) =>
      (await engines.conversations.list(user, 10)).map(({ conversationId }) => conversationId);
    expect(await listed('ann')).toEqual(['ann~cat', 'ann~dan', 'ann~bob', 'ann~eve']);
    expect(await listed('dan')).toEqual([]);
    // Two of the three are trimmed.
    expect(await engines.conversations.unread('eve')).toMatchObject({ total: 3, position: 3 });
    expect(await engines.conversations.recount(null, { repair: false, limit: 100 })).toMatchObject({
      users: 6,
      drift: [],
    });
    expect(await engines.logs.devices('bob')).toMatchObject([{ deviceId: 'phone', position: 2 }]);
  });

  test('C7, C8: reading goes on from the former mark', async () => {
    const { conversations } = await open(former());
    const mark = { userId: 'bob', conversationId: 'ann~bob', upTo: idOf(15), at: 5, node: 'n' };
    const { from, unread, changed } = await conversations.markRead(mark);
    expect({ from, changed, count: unread.count }).toEqual({ from: idOf(12), changed: true, count: 1 });
    const trimmed = { userId: 'eve', conversationId: 'ann~eve', upTo: idOf(3), at: 5, node: 'n' };
    expect((await conversations.markRead(trimmed)).unread.count).toBe(0);
    expect((await conversations.recount(null, { repair: false, limit: 100 })).drift).toEqual([]);
  });

  test('C4, C5: resends are found with their places, and ids rise over what was sent before', async () => {
    const { conversations } = await open(former());
    const record = async (n: number, fields: Partial<Parameters<typeof direct>[0]> = {}) =>
      (
        await conversations.record([
          toRecord(direct({ messageId: idOf(n), clientMessageId: `key-${n}`, text: `needle${n}`, ...fields })),
        ])
      )[0];
    const places = (ann: number, log: string, position: number) => [
      { log: 'ann', position: ann },
      { log, position },
    ];
    expect(await record(11)).toMatchObject({ result: 'duplicate', messageId: idOf(11), places: places(4, 'bob', 1) });
    expect(await record(16)).toMatchObject({
      result: 'duplicate',
      places: places(17, 'bob', 9),
      unread: [{ count: 3 }],
    });
    expect(await record(21, { to: 'cat' })).toMatchObject({
      result: 'duplicate',
      places: [{ log: 'ann', position: 9 }],
      unread: [],
    });
    expect(await record(22, { to: 'dan' })).toMatchObject({
      result: 'duplicate',
      places: [{ log: 'ann', position: 13 }],
    });
    expect(await record(11, { text: 'another' })).toMatchObject({ result: 'conflict' });
    // From the laptop, whose last id is 10.
    const late = await record(9, { clientMessageId: 'late', fromDevice: 'laptop' });
    expect((late?.messageId ?? '') > idOf(10)).toBe(true);
    expect(await record(17)).toMatchObject({ result: 'recorded', messageId: idOf(17), unread: [{ count: 5 }] });
  });

  test('C3, C7: messages keep their content, address and status, and change from there', async () => {
    const { messages } = await open(former());
    const key = (n: number, conversationId = 'ann~bob') => ({ conversationId, messageId: idOf(n) });
    const keys = [key(11), key(12), key(13), key(14), key(15), key(21, 'ann~cat')];
    const all = () => messages.get(keys);
    const before = await all();
    expect(before).toMatchObject([
      {
        from: 'ann',
        audience: ['ann', 'bob'],
        content: { text: 'needle11' },
        statuses: { bob: 'delivered' },
        revision: 0,
      },
      { statuses: { bob: 'read' }, steps: [{ state: 'queued' }, { state: 'read', node: 'n1' }] },
      { statuses: {}, audience: ['ann', 'bob'] },
      { from: 'bob', audience: ['bob', 'ann'], statuses: {} },
      { recalledAt: 1_800_000_002_005, revision: 1 },
      { audience: ['ann'], statuses: { cat: 'unread' } },
    ]);
    expect(before.map((message) => message && overallStatus(message))).toEqual([
      ...['delivered', 'read', 'stored', 'stored', 'stored', 'unread'],
    ]);
    expect(await messages.scan(null, 100)).toMatchObject({ messages: { length: 18 } });
    const raise = (n: number, member: string, status: 'unread' | 'delivered' | 'read') => ({
      ...key(n),
      member,
      status,
      at: 1_800_000_003_000,
      node: 'n9',
    });
    expect(
      await messages.raise([
        ...[raise(11, 'bob', 'delivered'), raise(11, 'bob', 'read'), raise(12, 'bob', 'delivered')],
        ...[raise(13, 'bob', 'unread'), raise(13, 'ann', 'read'), raise(14, 'ann', 'delivered')],
      ]),
    ).toEqual(['same', 'raised', 'further', 'raised', 'missing', 'raised']);
    const action = { action: 'recall' as const, by: 'ann', at: 1_800_000_003_000 };
    const recall = { action: { ...action, revision: 1 }, node: 'n9' };
    const recalls = [key(15), key(21, 'ann~cat')].map((one) => ({ ...one, ...recall }));
    expect(await messages.apply(recalls)).toEqual(['superseded', 'applied']);
    const after = await all();
    expect(after.map((message) => message?.statuses)).toEqual([
      ...[{ bob: 'read' }, { bob: 'read' }, { bob: 'unread' }, { ann: 'delivered' }, {}, { cat: 'unread' }],
    ]);
    expect(after[5]).toMatchObject({ audience: ['ann'], revision: 1 });
    expect([after[4]?.content, after[5]?.content]).toEqual([{}, {}]);
    // Other messages are unchanged.
    expect([after[1], after[4]]).toEqual([before[1], before[4]]);
    await messages.remove([key(12), key(13)]);
    expect((await messages.page('ann~bob', { limit: 10 })).map(({ messageId }) => Number(messageId.slice(4)))).toEqual([
      ...[16, 15, 14, 11, 10],
    ]);
  });

  test('a recall of before is not told again', async () => {
    const { conversations } = await open(former());
    const action = { action: 'recall' as const, by: 'ann', at: 1, conversationId: 'ann~bob', messageId: idOf(15) };
    expect(await conversations.act([{ ...action, revision: 1, audience: ['ann', 'bob'] }])).toEqual([null]);
  });
});

test('C10: a journal of before that has a gap refuses the start by the name of its file', async () => {
  const dataDir = join(root, String(++made));
  writeFormerStore(dataDir, "DELETE FROM journal WHERE body LIKE '%key-14%'");
  await expect(openEmbeddedEngines({ ...parts, dataDir, upgrade: true })).rejects.toMatchObject({
    code: 'data_damaged',
    message: expect.stringMatching(/store\.db has a gap: its journal lacks position \d+ of the inbox of user/),
  });
});
