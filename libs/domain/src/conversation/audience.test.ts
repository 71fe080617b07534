import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePlaces, encodePlaces, ownersOf, positionIn } from './audience.ts';
import { STORED_USER_ID_PATTERN } from './conversation-id.ts';

const log = fc.stringMatching(new RegExp(STORED_USER_ID_PATTERN));
const places = fc.uniqueArray(fc.record({ log, position: fc.integer({ min: 1 }) }), {
  selector: (place) => place.log,
  maxLength: 5,
});

test('places come back from their text as they were, whatever the logs are called', () => {
  fc.assert(
    fc.property(places, (all) => {
      expect(decodePlaces(encodePlaces(all))).toEqual(all);
    }),
  );
  expect(encodePlaces([])).toBe('');
});

test('a position is that of its log alone; 0 where there is none', () => {
  const all = [
    { log: 'ann', position: 7 },
    { log: 'bob', position: 9 },
  ];
  expect(['ann', 'bob', 'an', 'cat'].map((name) => positionIn(all, name))).toEqual([7, 9, 0, 0]);
  expect(ownersOf(['bob', 'ann'])).toEqual(['bob', 'ann']);
});
