import { expect, test } from 'vitest';
import {
  DEFAULT_STATE,
  decodeState,
  encodeState,
  fullState,
  isHidden,
  levelNow,
  sparseState,
  withChange,
} from './conversation-state.ts';

const PINNED = withChange(DEFAULT_STATE, { pinnedAt: 7, notify: { level: 'none', until: 9 } }, 5);

test('a change sets the fields that it names, and says when; one that changes nothing is the state before', () => {
  expect(PINNED).toEqual({ ...DEFAULT_STATE, pinnedAt: 7, notify: { level: 'none', until: 9 }, changedAt: 5 });
  expect(withChange(PINNED, { pinnedAt: 7, notify: { level: 'none', until: 9 }, draft: '' }, 6)).toBe(PINNED);
  expect(withChange(PINNED, { notify: { level: 'none', until: 10 } }, 6)).toMatchObject({ changedAt: 6 });
});

test('what is set back to its default is the default, whenever and until when', () => {
  expect(withChange(PINNED, { pinnedAt: 0, notify: { level: 'default', until: 99 } }, 6)).toBe(DEFAULT_STATE);
  expect(sparseState(DEFAULT_STATE)).toEqual({});
  expect(sparseState(PINNED)).toEqual({ pinnedAt: 7, notify: { level: 'none', until: 9 }, changedAt: 5 });
  expect([{}, PINNED].map((state) => fullState(sparseState(fullState(state))))).toEqual([DEFAULT_STATE, PINNED]);
});

test('what is cleared stays cleared: the place only moves forward', () => {
  const cleared = withChange(DEFAULT_STATE, { clearedUpTo: 'm5' }, 1);
  expect(withChange(cleared, { clearedUpTo: 'm4' }, 2)).toBe(cleared);
  expect(withChange(cleared, { clearedUpTo: '', draft: 'x' }, 2)).toMatchObject({ clearedUpTo: 'm5', draft: 'x' });
  expect(withChange(cleared, { clearedUpTo: 'm6' }, 2)).toMatchObject({ clearedUpTo: 'm6', changedAt: 2 });
});

test('a hidden conversation is shown again by a message above the one it was hidden at', () => {
  const hidden = withChange(DEFAULT_STATE, { hiddenUpTo: 'm5' }, 1);
  expect(['m4', 'm5', 'm6'].map((last) => isHidden(hidden, last))).toEqual([true, true, false]);
  expect(isHidden(DEFAULT_STATE, '')).toBe(false);
});

test('a level holds until its time, and then is the default of the conversation’s size', () => {
  const state = (level: 'all' | 'mentions' | 'none' | 'default', until: number) => ({ notify: { level, until } });
  expect([9, 10, 11].map((now) => levelNow(state('none', 10), now, false))).toEqual(['none', 'all', 'all']);
  expect([9, 10, 11].map((now) => levelNow(state('all', 10), now, true))).toEqual(['all', 'mentions', 'mentions']);
  expect(levelNow(state('none', 0), 99, false)).toBe('none');
  expect([false, true].map((isLarge) => levelNow(state('default', 0), 1, isLarge))).toEqual(['all', 'mentions']);
});

test('C8: a later read mark undoes what was marked as unread, an equal one does not', () => {
  const marked = withChange(PINNED, { markedUnread: true }, 6);
  const text = encodeState(marked, 'm5');
  expect(decodeState(text, 'm5')).toEqual(marked);
  expect(decodeState(text, 'm6')).toEqual({ ...marked, markedUnread: false });
  const neverRead = encodeState(marked, '');
  expect([decodeState(neverRead, ''), decodeState(neverRead, 'm1')].map((state) => state.markedUnread)).toEqual([
    ...[true, false],
  ]);
  expect(decodeState(encodeState(PINNED, 'm5'), 'm9')).toEqual(PINNED);
});
