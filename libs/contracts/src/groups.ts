import { describe } from 'vitest';
import type { GroupsHarness } from './groups-fixture.ts';
import { messageTests } from './groups-messages.ts';

/** Everything that `GroupStore` promises, and `ConversationStore` of groups. */
export function groupsContract(name: string, harness: GroupsHarness): void {
  describe(`GroupStore: ${name}`, { timeout: 60_000 }, () => {
    describe('messages', () => messageTests(harness));
  });
}
