import { describe } from 'vitest';
import { boundTests } from './groups-bounds.ts';
import { changeTests } from './groups-changes.ts';
import { countTests } from './groups-counts.ts';
import { editMentionTests } from './groups-edits.ts';
import type { GroupsHarness } from './groups-fixture.ts';
import { headTests } from './groups-heads.ts';
import { importTests } from './groups-imports.ts';
import { leftGroupTests } from './groups-left.ts';
import { linkTests } from './groups-links.ts';
import { listTests } from './groups-lists.ts';
import { markTests } from './groups-marks.ts';
import { memberNameTests } from './groups-member-names.ts';
import { messageTests } from './groups-messages.ts';
import { modelTests } from './groups-model.ts';
import { newcomerTests } from './groups-newcomers.ts';
import { recountTests } from './groups-recounts.ts';
import { refusalTests } from './groups-refusals.ts';
import { repeatTests } from './groups-repeats.ts';
import { restartTests } from './groups-restart.ts';
import { returnTests } from './groups-returns.ts';
import { scaleTests } from './groups-scale.ts';

/** Everything that `GroupStore` promises, and `ConversationStore` of groups. */
export function groupsContract(name: string, harness: GroupsHarness): void {
  describe(`GroupStore: ${name}`, { timeout: 60_000 }, () => {
    describe('changes', () => changeTests(harness));
    describe('repeats of changes', () => repeatTests(harness));
    describe('bounds and races', () => boundTests(harness));
    describe('links and requests', () => linkTests(harness));
    describe('lists', () => listTests(harness));
    describe('heads', () => headTests(harness));
    describe('leaving and returning', () => returnTests(harness));
    describe('groups that were left', () => leftGroupTests(harness));
    describe('names of members', () => memberNameTests(harness));
    describe('messages', () => messageTests(harness));
    describe('refused messages', () => refusalTests(harness));
    describe('imports', () => importTests(harness));
    describe('counts', () => countTests(harness));
    describe('counts of newcomers', () => newcomerTests(harness));
    describe('recounts', () => recountTests(harness));
    describe('mentions by edits', () => editMentionTests(harness));
    describe('marks', () => markTests(harness));
    describe('against a model', () => modelTests(harness));
    describe('scale', () => scaleTests(harness));
    if (harness.reopen !== undefined) describe('durability', () => restartTests(harness));
  });
}
