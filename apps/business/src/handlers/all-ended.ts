import { isPermanent } from '@chasqui/domain';

/**
 * Waits for the end of everything. Then it throws a fault, if there is one; transient faults take precedence, as an
 * event is blamed only if nothing else is wrong.
 */
export async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(works);
  const faults = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (faults.length > 0) throw faults.find((fault) => !isPermanent(fault)) ?? faults[0];
}
