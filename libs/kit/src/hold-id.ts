import { createHash } from 'node:crypto';
import type { LegalHold } from '@chasqui/domain';

/** The same order has the same id, so that a repeat places no second hold. */
export function holdIdOf({ kind, subject, reason }: Pick<LegalHold, 'kind' | 'subject' | 'reason'>): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, subject, reason]))
    .digest('hex')
    .slice(0, 24);
}
