import { describe, expect, it } from 'vitest';
import { UnconfirmedPages } from './unconfirmed-pages.ts';

describe('sync pages that wait for their confirmation', () => {
  it('are told once, with their times, when what they brought is confirmed', () => {
    const pages = new UnconfirmedPages();
    pages.sent({ after: 0, upTo: 10, askedAt: 100, sentAt: 110 });
    pages.sent({ after: 10, upTo: 20, askedAt: 120, sentAt: 125.4 });
    expect(pages.confirmed(15, 200)).toEqual([
      [0, 10, 100, 90],
      [10, 20, 80, 75],
    ]);
    expect(pages.confirmed(20, 200)).toEqual([[10, 20, 80, 75]]);
    expect(pages.confirmed(20, 200)).toEqual([]);
  });

  it('C16: are forgotten, the oldest first, where a client never confirms', () => {
    const pages = new UnconfirmedPages();
    for (let n = 0; n < 100; n++) pages.sent({ after: n, upTo: n + 1, askedAt: n, sentAt: n });
    expect(pages.confirmed(100, 100).map(([after]) => after)).toEqual(Array.from({ length: 32 }, (_, n) => 68 + n));
  });
});
