import { expect, test } from 'vitest';
import type { ChatMessage } from '../conversations/chat-message.ts';
import { changedMessage } from './changed-message.ts';

const kept = { content: { text: 'first' }, state: 'stored' } as ChatMessage;
const edited = (revision: number, text = `edit ${revision}`) => ({ content: { text }, editedAt: revision, revision });

test('C7: a receipt changes the state of an edited message and leaves the edit, whether it knows of it or not', () => {
  const message = { ...kept, ...edited(2) };
  expect(changedMessage(message, { ...edited(2), state: 'read' })).toEqual({ ...message, state: 'read' });
  expect(changedMessage(message, { content: kept.content, state: 'read' })).toEqual({ ...message, state: 'read' });
  expect(changedMessage({ ...message, state: 'read' }, { state: 'delivered' })).toEqual({ ...message, state: 'read' });
});

test('an edit replaces what was before it, and neither a later edit nor a recall', () => {
  expect(changedMessage(kept, edited(1))).toEqual({ ...kept, ...edited(1) });
  const later = { ...kept, ...edited(3) };
  expect(changedMessage(later, edited(2))).toEqual(later);
  const recalled = { ...later, content: {}, recalledAt: 9 };
  expect(changedMessage(later, { content: {}, recalledAt: 9 })).toEqual(recalled);
  expect(changedMessage(recalled, edited(4))).toEqual(recalled);
});

test('reactions are joined with what is kept, whichever came first; a recalled message has none', () => {
  const at = (revision: number, count: number, mine?: true) => ({
    revision,
    counts: [{ emoji: '👍', count, ...(mine && { mine }) }],
  });
  const live = { ...at(3, 3), mineRevision: 0 };
  const first = changedMessage(kept, { reactions: at(2, 2, true) });
  const joined = { revision: 3, mineRevision: 2, counts: [{ emoji: '👍', count: 3, mine: true }] };
  expect(changedMessage(first, { reactions: live }).reactions).toEqual(joined);
  expect(changedMessage({ ...kept, reactions: live }, { reactions: at(2, 2, true) }).reactions).toEqual(joined);
  expect(changedMessage(first, { state: 'read' })).toEqual({ ...first, state: 'read' });
  expect(changedMessage(first, edited(1))).toMatchObject({ reactions: at(2, 2, true), revision: 1 });
  expect(changedMessage(first, { content: {}, recalledAt: 9 })).not.toHaveProperty('reactions');
});
