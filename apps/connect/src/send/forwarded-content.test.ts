import { type Attachment, DEFAULT_LIMITS, formatMessageId, ImError, type StoredMessage } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ForwardedContent } from './forwarded-content.ts';

const idAt = (millis: number, tag = 1) => formatMessageId({ millis, counter: 0, tag });

function message(fields: Partial<StoredMessage> = {}): StoredMessage {
  return {
    ...{ messageId: idAt(1_000), conversationId: 'ann~bob', from: 'bob', fromDevice: 'd', clientMessageId: 'c' },
    ...{ kind: 'c2c', content: { text: 'words' }, sentAt: 7, audience: ['ann', 'bob'] },
    ...{ statuses: {}, revision: 0, steps: [] },
    ...fields,
  };
}

interface Stage {
  stored?: readonly StoredMessage[];
  files?: readonly string[];
  cleared?: string;
  isHidden?: boolean;
  isAway?: boolean;
}

function stage({ stored = [message()], files = [], cleared = '', isHidden = false, isAway = false }: Stage = {}) {
  return new ForwardedContent({
    messages: {
      async get(keys) {
        if (isAway) throw new Error('away');
        return keys.map(({ messageId }) => stored.find((one) => one.messageId === messageId) ?? null);
      },
      page: async (_, { after = '', before = 'g' }) =>
        stored.filter(({ messageId }) => messageId > after && messageId < before),
    },
    access: { visible: async (userId, found) => found.map((one) => (userId === 'eve' ? null : one)) },
    conversationStates: {
      get: async (keys) => keys.map(() => ({ clearedUpTo: cleared }) as never),
      hiddenAmong: async (_, keys) => keys.map(() => isHidden),
    },
    attachments: { attached: async (id) => (files.includes(id) ? ({ id, state: 'ready' } as Attachment) : null) },
    limits: DEFAULT_LIMITS,
  });
}

const key = { conversationId: 'ann~bob', messageId: idAt(1_000) };
const codeOf = (outcome: unknown) => (outcome instanceof ImError ? outcome.code : 'read');
const file = { id: 'f'.repeat(32), name: 'x', size: 1, type: 'a/b' };

test('a forward has the content as it is, and the first author of a chain', async () => {
  expect(await stage().read('ann', key)).toEqual({ content: { text: 'words' }, origin: { from: 'bob', at: 7 } });
  expect(await stage().read('ann', { ...key, withOrigin: false })).toEqual({ content: { text: 'words' } });
  const stored = [message({ forwarded: { from: 'zoe', at: 3 } })];
  expect(await stage({ stored }).read('ann', key)).toMatchObject({ origin: { from: 'zoe', at: 3 } });
});

test('C20: what is absent, invisible, hidden, cleared, recalled or empty is not found, and the system forwards nothing', async () => {
  const recalled = [message({ recalledAt: 9, content: {} })];
  const all = [
    stage({ stored: [] }).read('ann', key),
    stage().read('eve', key),
    stage({ isHidden: true }).read('ann', key),
    stage({ cleared: key.messageId }).read('ann', key),
    stage({ stored: recalled }).read('ann', key),
    stage({ stored: [message({ content: {} })] }).read('ann', key),
    stage().read('system', key),
  ];
  const answers = (await Promise.all(all)) as ImError[];
  const [first] = answers;
  expect(codeOf(first)).toBe('message_not_found');
  for (const answer of answers)
    expect([answer.code, answer.message, answer.details]).toEqual([first?.code, first?.message, first?.details]);
  expect(codeOf(await stage({ isAway: true }).read('ann', key))).toBe('store_unavailable');
});

test('a message whose file is gone is not forwarded without it', async () => {
  const stored = [message({ content: { attachments: [file] } })];
  expect(codeOf(await stage({ stored, files: [file.id] }).read('ann', key))).toBe('read');
  expect(codeOf(await stage({ stored }).read('ann', key))).toBe('attachment_invalid');
});

test('C3: the first copy of a resend is found under its id, and under the one that storing gave it', async () => {
  const why = new ImError('message_not_found', 'gone');
  const resend = message({ messageId: idAt(5_000), from: 'ann' });
  const moved = message({ ...resend, messageId: idAt(6_000, 9), content: { text: 'stored' } });
  const found = { content: { text: 'stored' } };
  expect(await stage({ stored: [{ ...moved, messageId: resend.messageId }] }).firstCopy(resend, why, 9_000)).toEqual(
    found,
  );
  expect(await stage({ stored: [moved] }).firstCopy(resend, why, 9_000)).toEqual(found);
  const strangers = [message({ ...moved, from: 'bob' }), message({ ...moved, clientMessageId: 'other' })];
  expect(codeOf(await stage({ stored: strangers }).firstCopy(resend, why, 9_000))).toBe('store_unavailable');
  expect(codeOf(await stage({ stored: [] }).firstCopy(resend, why, 605_000))).toBe('store_unavailable');
  expect(await stage({ stored: [] }).firstCopy(resend, why, 605_001)).toBe(why);
});
