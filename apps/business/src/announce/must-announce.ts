import type { RaiseResult } from '@chasqui/ports';

/**
 * Whether a status change must be announced to clients. After a redelivery, a change that the store already has is
 * announced again, as the process may have crashed before it announced it. Clients merge statuses forward only, so
 * repeats do no harm.
 */
export function mustAnnounce(result: RaiseResult | undefined, redelivered: boolean): boolean {
  return result === 'raised' || (redelivered && result === 'same');
}
