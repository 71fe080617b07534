import { describe } from 'vitest';
import { entryTests } from './presence-entries.ts';
import type { PresenceHarness } from './presence-fixture.ts';
import { nodeTests } from './presence-nodes.ts';

/** Everything that `Presence` and `NodeRegistry` promise. */
export function presenceContract(name: string, harness: PresenceHarness): void {
  describe(`Presence and NodeRegistry: ${name}`, { timeout: 30_000 }, () => {
    describe('nodes', () => nodeTests(harness));
    describe('devices', () => entryTests(harness));
  });
}
