import { encodeMessage, HybridClock, messageOf } from '@chasqui/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHbaseEngines } from '../index.ts';
import { FakeHbase } from '../testing/fake-hbase.ts';
import type { RealEngines } from '../testing/real.ts';
import { putTime, statusTime } from './cell-timestamps.ts';
import { messageRow } from './row-keys.ts';

// Rows as 0.1 wrote them; see former-row.ts.

const messageId = new HybridClock({ now: () => Date.now(), tag: 9 }).next();
const KEY = { conversationId: 'ann~bob', messageId };
const TEXT = `{"messageId":"${messageId}","conversationId":"ann~bob","from":"bob","fromDevice":"phone","to":"ann","clientMessageId":"k","kind":"c2c","content":{"text":"hi"},"sentAt":5}`;

let fake: FakeHbase;
let engines: RealEngines;

beforeEach(async () => {
  fake = await FakeHbase.start();
  engines = await openHbaseEngines(fake.options());
});

afterEach(async () => {
  await engines[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

/** The receiver, ann, is first in the conversation's id. */
function formerRow({ text = TEXT, rank = 2, recalledAt }: { text?: string; rank?: number; recalledAt?: number } = {}) {
  const put = putTime(messageId, Date.now());
  const later = statusTime(messageId, rank);
  const steps = [{ state: 'queued', at: 6, node: 'connect' }];
  fake.write('t_messages', {
    kind: 'put',
    row: messageRow(KEY.conversationId, messageId),
    cells: [
      { qualifier: '0', value: Buffer.of(0), timestamp: put },
      { qualifier: 'b', value: Buffer.from(`[${text},${JSON.stringify(steps)}]`), timestamp: put },
      { qualifier: '0', value: Buffer.of(rank), timestamp: later },
      { qualifier: `s${rank}`, value: Buffer.from('9 mark connect'), timestamp: later },
      ...(recalledAt === undefined
        ? []
        : [{ qualifier: 'x', value: Buffer.from(String(recalledAt)), timestamp: later }]),
    ],
  });
}

const raise = (member: string, status: 'delivered' | 'read') =>
  engines.messages.raise([{ ...KEY, member, status, at: 10, node: 'n' }]);

test('a former row is read: audience, status of its member, steps', async () => {
  formerRow();
  const [message] = await engines.messages.get([KEY]);
  expect(message).toMatchObject({ audience: ['bob', 'ann'], statuses: { ann: 'delivered' }, revision: 0 });
  expect(message?.steps.map(({ state }) => state)).toEqual(['queued', 'delivered']);
  expect(message).not.toHaveProperty('to');
});

test('a former row of a message that the receiver never got is its sender’s alone', async () => {
  formerRow({ text: TEXT.replace(/\}$/, ',"silenced":true}') });
  expect((await engines.messages.get([KEY]))[0]).toMatchObject({ audience: ['bob'] });
});

test('C7: a former row is raised where it is, and by its receiver alone', async () => {
  formerRow({ rank: 1 });
  expect(await raise('bob', 'delivered')).toEqual(['missing']);
  expect(await raise('eve', 'delivered')).toEqual(['missing']);
  expect(await raise('ann', 'delivered')).toEqual(['raised']);
  expect(await raise('ann', 'delivered')).toEqual(['same']);
  expect((await engines.messages.get([KEY]))[0]?.statuses).toEqual({ ann: 'delivered' });
});

test('C7: a former row that is put again keeps what it had', async () => {
  formerRow({ rank: 2 });
  const { message, text } = encodeMessage(messageOf(JSON.parse(TEXT)));
  await engines.messages.put([{ message, text, steps: [] }]);
  expect((await engines.messages.get([KEY]))[0]).toMatchObject({
    content: { text: 'hi' },
    statuses: { ann: 'delivered' },
  });
});

test('the recall of a former row is its revision 1', async () => {
  formerRow({ recalledAt: 77 });
  expect((await engines.messages.get([KEY]))[0]).toMatchObject({ revision: 1, recalledAt: 77 });
  expect((await engines.messages.get([KEY]))[0]).not.toHaveProperty('recalledBy');
  const action = { action: 'recall', revision: 1, by: 'bob', at: 80 } as const;
  expect(await engines.messages.apply([{ ...KEY, action, node: 'n' }])).toEqual(['superseded']);
});

test('a former row takes an action', async () => {
  formerRow();
  const action = { action: 'recall', revision: 1, by: 'bob', at: 80 } as const;
  expect(await engines.messages.apply([{ ...KEY, action, node: 'n' }])).toEqual(['applied']);
  expect((await engines.messages.get([KEY]))[0]).toMatchObject({
    ...{ revision: 1, recalledAt: 80, recalledBy: 'bob', content: {} },
  });
});
