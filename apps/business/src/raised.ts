import type { RaiseResult } from '@chasqui/ports';

/**
 * Whether a status change has to be told. After a redelivery a change that was made already is told again, as the crash
 * may have come before the telling; receivers merge forward only.
 */
export function isToBeTold(result: RaiseResult | undefined, redelivered: boolean): boolean {
  return result === 'raised' || (redelivered && result === 'same');
}
