import { expect, test } from 'vitest';
import { type BusHarness, busFixture, eventsOf, GROUPS } from './message-bus-fixture.ts';

/** Consumer groups do not know of each other. */
export function groupTests(harness: BusHarness): void {
  const { publish, consume, until } = busFixture(harness);

  test('each group sees every message; one that is new starts at the oldest', async () => {
    await publish(0, 'before anyone');
    const seen: Record<string, (string | number)[]> = { first: [], second: [] };
    consume(async (batch) => void seen.first?.push(...eventsOf(batch)), { group: GROUPS[0] });
    consume(async (batch) => void seen.second?.push(...eventsOf(batch)), { group: GROUPS[1] });
    await publish(0, 'after');
    await until('both groups', () => seen.first?.length === 2 && seen.second?.length === 2);
    expect(seen).toEqual({ first: ['before anyone', 'after'], second: ['before anyone', 'after'] });
  });

  test('C3: a group that fails neither holds up another nor loses what that one has done', async () => {
    const seen: Record<string, (string | number)[]> = { first: [], second: [] };
    let broken = true;
    consume(
      async (batch) => {
        if (broken) throw new Error('not now');
        seen.first?.push(...eventsOf(batch));
      },
      { group: GROUPS[0] },
    );
    consume(async (batch) => void seen.second?.push(...eventsOf(batch)), { group: GROUPS[1] });
    await publish(0, 'a', 'b');
    await until('the healthy group', () => seen.second?.length === 2);
    broken = false;
    await publish(0, 'c');
    await until('the mended group', () => seen.first?.length === 3);
    expect(seen.first).toEqual(['a', 'b', 'c']);
  });
}
