import type { Broker } from './remoting/broker.ts';

/**
 * Gives a group that has no place in a topic's queues the place of the oldest message. Left to itself the engine may let
 * it begin with the newest; also when it was killed before it had written down where a young group was.
 *
 * Two that do this while a third consumes may set it back: messages then come again, none is passed over.
 */
export async function startAtOldestOffset(broker: Broker, topic: string, group: string, queues: number): Promise<void> {
  const begin = async (queueId: number): Promise<void> => {
    const queue = { topic, queueId };
    if ((await broker.doneBelow(group, queue)) !== undefined) return;
    await broker.setDoneBelow(group, queue, await broker.firstOffset(queue));
  };
  await Promise.all(Array.from({ length: queues }, (_, queueId) => begin(queueId)));
}
