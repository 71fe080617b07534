import { expect, test } from 'vitest';
import { History } from '../history.ts';
import type { Outcome } from '../outcome.ts';
import type { HistoryEvent } from '../records.ts';
import { checkScreens, checkShownOnce } from './screens.ts';

const WRITE_DOWN_MS = 6;
const device = 'ben/phone';

function shown(run: number): HistoryEvent {
  return { type: 'shown', device, run, identity: 'ann/c1', messageId: 'm1', provisional: false };
}

/** The events of one device, each with its time. */
function historyOf(events: readonly [number, HistoryEvent][]): History {
  let at = 0;
  const history = new History(() => at);
  for (const [time, event] of events) {
    at = time;
    history.add(event);
  }
  return history;
}

function judge(...events: readonly [number, HistoryEvent][]): string[] {
  return checkShownOnce(historyOf(events), WRITE_DOWN_MS).map(({ contract }) => contract);
}

/** The same, with the message in the inbox of the device's user. */
function judgeScreens(...events: readonly [number, HistoryEvent][]): string[] {
  const entry = { type: 'message', identity: 'ann/c1', messageId: 'm1', from: 'ann' } as const;
  const outcome: Outcome = {
    messages: [],
    found: [],
    unread: [],
    drift: [],
    inboxes: [{ user: 'ben', updates: [{ ...entry, position: 1, conversationId: 'ann~ben' }] }],
    devices: [{ device, user: 'ben', position: 1, views: [] }],
  };
  return checkScreens(historyOf(events), outcome, WRITE_DOWN_MS).map(({ contract }) => contract);
}

test('C6: a later run shows a message again that the run before had time to write down', () => {
  expect(judge([0, shown(1)], [50, { type: 'killed', device, run: 1 }], [90, shown(2)])).toEqual(['C6']);
  expect(judge([0, shown(1)], [50, { type: 'killed', device, run: 1, ranUntil: 40 }], [90, shown(2)])).toEqual(['C6']);
});

test('a program that was killed had no time to write down what it showed just before, also if it stood still since', () => {
  expect(judge([0, shown(1)], [5, { type: 'killed', device, run: 1 }], [90, shown(2)])).toEqual([]);
  expect(judge([0, shown(1)], [50, { type: 'killed', device, run: 1, ranUntil: 5 }], [90, shown(2)])).toEqual([]);
});

test('C6: a message that was taken back and not shown again', () => {
  const retracted: HistoryEvent = { type: 'retracted', device, run: 1, identity: 'ann/c1' };
  expect(judgeScreens([0, shown(1)])).toEqual([]);
  expect(judgeScreens([0, shown(1)], [5, retracted])).toEqual(['C6']);
  expect(judgeScreens([0, shown(1)], [5, retracted], [50, { type: 'killed', device, run: 1 }])).toEqual(['C6']);
  // The program was killed before it wrote down the retract, so it still has the message when it runs again.
  expect(judgeScreens([0, shown(1)], [5, retracted], [8, { type: 'killed', device, run: 1 }])).toEqual([]);
});
