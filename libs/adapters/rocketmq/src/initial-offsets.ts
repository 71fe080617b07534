import type { Broker } from './remoting/broker.ts';

/**
 * Sets the position of a group that has none in a topic's queues to the oldest message. By default, the engine may
 * start it at the newest, also after a kill before it saved a new group's position.
 *
 * Two calls during a third process's consuming may set it back: messages are then redelivered, and none is skipped.
 */
export async function startAtOldestOffset(broker: Broker, topic: string, group: string, queues: number): Promise<void> {
  const begin = async (queueId: number): Promise<void> => {
    const queue = { topic, queueId };
    if ((await broker.doneBelow(group, queue)) !== undefined) return;
    await broker.setDoneBelow(group, queue, await broker.firstOffset(queue));
  };
  await Promise.all(Array.from({ length: queues }, (_, queueId) => begin(queueId)));
}
