import { describe } from 'vitest';
import { blockTests } from './relations-blocks.ts';
import { contactTests } from './relations-contacts.ts';
import type { RelationsHarness } from './relations-fixture.ts';
import { relationRaceTests } from './relations-races.ts';

/** Everything that `ContactStore` and `BlockStore` promise. */
export function relationsContract(name: string, harness: RelationsHarness): void {
  describe(`ContactStore and BlockStore: ${name}`, { timeout: 60_000 }, () => {
    describe('contacts', () => contactTests(harness));
    describe('blocks', () => blockTests(harness));
    describe('at the same time', () => relationRaceTests(harness));
  });
}
