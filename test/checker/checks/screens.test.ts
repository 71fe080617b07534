import { expect, test } from 'vitest';
import { History } from '../history.ts';
import type { HistoryEvent } from '../records.ts';
import { checkShownOnce } from './screens.ts';

const WRITE_DOWN_MS = 6;
const device = 'ben/phone';

function shown(run: number): HistoryEvent {
  return { type: 'shown', device, run, identity: 'ann/c1', messageId: 'm1', provisional: false };
}

/** The contracts broken by what a device did, each with when. */
function judge(...events: readonly [number, HistoryEvent][]): string[] {
  let at = 0;
  const history = new History(() => at);
  for (const [time, event] of events) {
    at = time;
    history.add(event);
  }
  return checkShownOnce(history, WRITE_DOWN_MS).map(({ contract }) => contract);
}

test('C6: a later run shows a message again that the run before had time to write down', () => {
  expect(judge([0, shown(1)], [50, { type: 'killed', device, run: 1 }], [90, shown(2)])).toEqual(['C6']);
  expect(judge([0, shown(1)], [50, { type: 'killed', device, run: 1, ranUntil: 40 }], [90, shown(2)])).toEqual(['C6']);
});

test('a program that was killed had no time to write down what it showed just before, also if it stood still since', () => {
  expect(judge([0, shown(1)], [5, { type: 'killed', device, run: 1 }], [90, shown(2)])).toEqual([]);
  expect(judge([0, shown(1)], [50, { type: 'killed', device, run: 1, ranUntil: 5 }], [90, shown(2)])).toEqual([]);
});
