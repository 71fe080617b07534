import type { SyncedEvent, UserId } from '@chasqui/domain';
import type { Received } from '../business-context.ts';

/** The furthest confirmation for each device and epoch, as it covers the others. */
export function furthestConfirmations(
  received: readonly Received<SyncedEvent>[],
): Map<UserId, Received<SyncedEvent>[]> {
  const users = new Map<UserId, Received<SyncedEvent>[]>();
  for (const one of received) {
    const { userId, deviceId, epoch, position } = one.event;
    const devices = users.get(userId) ?? [];
    users.set(userId, devices);
    const index = devices.findIndex(({ event }) => event.deviceId === deviceId && event.epoch === epoch);
    const known = devices[index];
    if (known === undefined) devices.push(one);
    else {
      const furthest = position >= known.event.position ? one : known;
      const pages = [...(known.event.pages ?? []), ...(one.event.pages ?? [])];
      devices[index] = {
        ...furthest,
        event: { ...furthest.event, ...(pages.length === 0 ? {} : { pages }) },
        redelivered: known.redelivered || one.redelivered,
      };
    }
  }
  return users;
}
