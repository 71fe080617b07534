import type { Violation } from '../violation.ts';
import { checkContent } from './check-content.ts';
import { checkEdits, checkHides } from './check-edits.ts';
import { checkFinding } from './check-finding.ts';
import { checkForwards } from './check-forwards.ts';
import type { LifeEvidence } from './evidence.ts';

/** The violations of C25 in a cluster that has settled. */
export async function judgeLives(evidence: LifeEvidence): Promise<Violation[]> {
  return [
    ...checkContent(evidence),
    ...checkEdits(evidence),
    ...checkHides(evidence),
    ...checkForwards(evidence),
    ...(await checkFinding(evidence)),
  ];
}
