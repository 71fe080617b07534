import { ImError } from '@chasqui/domain';
import type { BusDelivery, MessageBus } from '@chasqui/ports';
import { decodeEvents, joinEvents } from './event-codec.ts';

export interface SoundEvent<Event> {
  event: Event;
  delivery: BusDelivery;
}

/**
 * The events of a batch, in order, without those that no handler could ever take. Such a one is set apart as a bus
 * message of its own, which then goes to the dead letters alone: its neighbours are neither held up nor lost with it.
 *
 * Errors: `invalid_request` (never to be retried) for a bus message that holds nothing else; `bus_unavailable` when
 * something could not be set apart.
 */
export async function soundEvents<Event>(
  bus: Pick<MessageBus, 'publish'>,
  batch: readonly BusDelivery[],
  faultOf: (value: unknown) => string | null,
): Promise<SoundEvent<Event>[]> {
  const sound: SoundEvent<Event>[] = [];
  const apart: { value: unknown; delivery: BusDelivery }[] = [];
  for (const delivery of batch) {
    const values = decodeEvents(delivery.body);
    for (const value of values) {
      const fault = faultOf(value);
      if (fault === null) sound.push({ event: value as Event, delivery });
      else if (values.length === 1) throw new ImError('invalid_request', fault);
      else apart.push({ value, delivery });
    }
  }
  for (const { value, delivery } of apart) {
    const { topic, shard } = delivery;
    await bus.publish({ topic, shard, body: joinEvents([JSON.stringify(value)]) });
  }
  return sound;
}
