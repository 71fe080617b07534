import { expect, test } from 'vitest';
import { laterStatus, MESSAGE_STATUSES } from './status.ts';

test('C7: statuses merge by maximum, whichever comes first', () => {
  for (const [i, a] of MESSAGE_STATUSES.entries()) {
    for (const [j, b] of MESSAGE_STATUSES.entries()) expect(laterStatus(a, b)).toBe(MESSAGE_STATUSES[Math.max(i, j)]);
  }
});
