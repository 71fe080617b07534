import { expect, test } from 'vitest';
import { directAudience } from './conversation/direct-conversation.ts';
import { previewOf } from './cut-text.ts';
import type { StoredMessage } from './message.ts';
import { applyAction, editedContent, MAX_EDIT_IDS, type MessageAction, previewAfter } from './message-action.ts';

const MESSAGE: StoredMessage = {
  messageId: '0199c3d2a4f10000c0ffee01',
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'phone',
  clientMessageId: 'key',
  kind: 'c2c',
  content: { text: 'hello' },
  sentAt: 1,
  audience: directAudience('ann', 'bob', false),
  statuses: {},
  revision: 0,
  steps: [],
};

const BY_ANN = { revision: 1, by: 'ann', at: 5 };
const edit = (text: string, actionId: string, revision = 1) => {
  return { ...BY_ANN, revision, action: 'edit', content: { text }, actionId } as const satisfies MessageAction;
};

test.each<MessageAction>([{ ...BY_ANN, action: 'recall' }, edit('hi', 'a')])(
  'what $action does to a preview is what it does to the text of the message',
  (action) => {
    const { content } = applyAction(MESSAGE, action);
    expect(previewAfter(action)).toBe(previewOf(content));
    expect(previewAfter(action)).not.toBe(previewOf(MESSAGE.content));
  },
);

test('an edited message has the new content, and when and by which edits it came', () => {
  const once = applyAction(MESSAGE, edit('hi', 'a'));
  expect(once).toEqual({ ...MESSAGE, content: { text: 'hi' }, editedAt: 5, editIds: ['a'], revision: 1 });
  let last = once;
  for (let n = 2; n < 30; n++) last = applyAction(last, edit(`hi ${n}`, `a${n}`, n));
  expect(last.editIds).toEqual(Array.from({ length: MAX_EDIT_IDS }, (_, n) => `a${n + 20}`));
});

test('C16: of long versions as many are kept as have room: the first one, and the latest', () => {
  let last = MESSAGE;
  for (let n = 1; n <= 40; n++)
    last = applyAction(last, { ...edit(`${n} ${'x'.repeat(30_000)}`, `a${n}`, n), keptVersions: 100 });
  const kept = last.versions?.map(({ content: { text = '' } }) => text.split(' ')[0]);
  expect(kept).toEqual(['hello', '32', '33', '34', '35', '36', '37', '38', '39']);
  const huge = 'x'.repeat(300_000);
  const twice = ['b', 'c'].reduce(
    (message, id, n) => applyAction(message, { ...edit(`${id}${huge}`, id, n + 1), keptVersions: 9 }),
    MESSAGE,
  );
  expect(applyAction(twice, { ...edit('d', 'd', 3), keptVersions: 9 }).versions).toHaveLength(2);
});

test('C3: no edit brings content back to a recalled message', () => {
  const recalled = applyAction(MESSAGE, { ...BY_ANN, action: 'recall' });
  expect(applyAction(recalled, edit('hi', 'a', 2))).toEqual({ ...recalled, revision: 2 });
});

test('an edit replaces the parts that a message has, and adds or removes none', () => {
  const data = { a: 1 };
  expect(editedContent({ text: 'a' }, { text: 'b' })).toEqual({ text: 'b' });
  expect(editedContent({ data }, { data: {} })).toEqual({ data: {} });
  expect(editedContent({ text: 'a', data }, { text: 'b', data: {} })).toEqual({ text: 'b', data: {} });
  for (const edited of [{ data }, { text: 'b', data }]) expect(editedContent({ text: 'a' }, edited)).toBeNull();
  for (const edited of [{ text: 'b' }, { text: 'b', data }]) expect(editedContent({ data }, edited)).toBeNull();
  const location = { latitude: 1, longitude: 2 };
  expect(editedContent({ location }, { text: 'here' })).toEqual({ location, text: 'here' });
  expect(editedContent({ location }, { text: 'here', location })).toBeNull();
});
