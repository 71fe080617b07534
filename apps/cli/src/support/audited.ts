import { hostname, userInfo } from 'node:os';
import { AuditTrail } from '@chasqui/core';
import type { AuditAction } from '@chasqui/domain';
import { createLogger, systemClock, systemRandom } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { goOnUnread } from './closed-pipe.ts';

/** Records a command's change in the audit log and runs it. Errors: `store_unavailable`, with nothing done. */
export function audited<T>({ auditLog }: Engines, action: AuditAction, work: () => Promise<T>): Promise<T> {
  goOnUnread();
  const parts = { clock: systemClock, random: systemRandom, logger: createLogger({ name: 'chasqui', level: 'error' }) };
  const trail = new AuditTrail({ auditLog, ...parts });
  const actor = `cli:${userInfo().username}@${hostname()}`.slice(0, 128);
  return trail.record({ actor, action, target: '' }, work);
}
