import { expect, test } from 'vitest';
import { type RelationsHarness, relationsFixture, T } from './relations-fixture.ts';

const PAIRS = Array.from({ length: 20 }, (_, i) => [`a${i}`, `b${i}`] as const);

export function relationRaceTests(harness: RelationsHarness): void {
  const { contacts, blocks, between } = relationsFixture(harness);

  test('two that ask each other at the same time are contacts', async () => {
    await Promise.all(PAIRS.flatMap(([a, b]) => [contacts().request(a, b, T), contacts().request(b, a, T)]));
    for (const [a, b] of PAIRS) expect(await between(a, b)).toEqual(['contact', 'contact']);
  });

  test('both sides agree, whoever accepts and withdraws at the same time', async () => {
    for (const [a, b] of PAIRS) await contacts().request(a, b, T);
    const told = await Promise.all(
      PAIRS.map(([a, b]) => Promise.all([contacts().accept(b, a, T), contacts().remove(a, b, 'outgoing')])),
    );
    for (const [i, [a, b]] of PAIRS.entries()) {
      const [accepted, withdrawn] = told[i] ?? [];
      expect(accepted).toBe(withdrawn === null);
      expect(await between(a, b)).toEqual(accepted ? ['contact', 'contact'] : [null, null]);
    }
  });

  test('a block wins over a request and an acceptance made at the same time', async () => {
    for (const [a, b] of PAIRS.slice(10)) await contacts().request(a, b, T);
    await Promise.all(
      PAIRS.flatMap(([a, b], i): Promise<unknown>[] => [
        i < 10 ? contacts().request(a, b, T) : contacts().accept(b, a, T),
        blocks().block(b, a, T),
      ]),
    );
    for (const [a, b] of PAIRS) expect(await between(a, b)).toEqual([null, null]);
  });
}
