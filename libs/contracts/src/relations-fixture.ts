import type { ContactState } from '@chasqui/domain';
import type { BlockStore, ContactStore } from '@chasqui/ports';
import { type Harness, subjectOf } from './harness.ts';

/** Contacts and blocks, which share their transactions. */
export interface Relations {
  contacts: ContactStore;
  blocks: BlockStore;
}

export type RelationsHarness = Harness<Relations>;

export const T = 1_767_225_600_000;

export function relationsFixture(harness: RelationsHarness) {
  const subject = subjectOf(harness, ({ contacts, blocks }) => [contacts, blocks]);
  return {
    subject,
    contacts: () => subject.current.contacts,
    blocks: () => subject.current.blocks,
    /** The relation as seen from both sides. */
    async between(a: string, b: string): Promise<(ContactState | null | undefined)[]> {
      const [[mine], [theirs]] = await Promise.all([
        subject.current.contacts.states(a, [b]),
        subject.current.contacts.states(b, [a]),
      ]);
      return [mine, theirs];
    },
  };
}
