import { expect, test } from 'vitest';
import { parseLogUpdate } from './log-update.ts';

test('an update comes back from its text; a recall of releases up to 0.1 is the first action on its message', () => {
  const action = { conversationId: 'ann~bob', messageId: 'm1', by: 'ann', at: 5 };
  const recall = { ...action, type: 'action', action: 'recall', revision: 1 };
  expect(parseLogUpdate(JSON.stringify({ ...action, type: 'recall' }))).toEqual(recall);
  expect(parseLogUpdate(JSON.stringify({ ...recall, revision: 3 }))).toEqual({ ...recall, revision: 3 });
  const read = { type: 'read', conversationId: 'ann~bob', upTo: 'm1', at: 5 };
  expect(parseLogUpdate(JSON.stringify(read))).toEqual(read);
});
