import { expect, test } from 'vitest';
import type { LogUpdate } from './log-update.ts';
import { encodeLogUpdate, parseLogUpdate } from './log-update-text.ts';

const ACTION = { conversationId: 'ann~bob', messageId: 'm1', by: 'ann', at: 5 };
const RECALL = { ...ACTION, type: 'action', action: 'recall', revision: 1 } satisfies LogUpdate;

test('an update comes back from its text; a recall of releases up to 0.1 is the first action on its message', () => {
  expect(parseLogUpdate(JSON.stringify({ ...ACTION, type: 'recall' }))).toEqual(RECALL);
  const read = { type: 'read', conversationId: 'ann~bob', upTo: 'm1', at: 5 } satisfies LogUpdate;
  for (const update of [read, RECALL, { ...RECALL, revision: 3 }]) {
    expect(parseLogUpdate(JSON.stringify(update))).toEqual(update);
    expect(parseLogUpdate(encodeLogUpdate(update))).toEqual(update);
  }
});

test('C10: a recall in a log that several releases read is a recall to releases up to 0.1', () => {
  expect(JSON.parse(encodeLogUpdate(RECALL))).toEqual({ ...ACTION, type: 'recall', revision: 1 });
});
