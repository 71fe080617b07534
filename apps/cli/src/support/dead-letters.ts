import { CONSUMER_GROUPS } from '@chasqui/domain';
import type { DeadLetter, MessageBus } from '@chasqui/ports';

/** The dead letters of all consumer groups, at most `limit` of each, the newest first. */
export async function allDeadLetters(bus: Pick<MessageBus, 'deadLetters'>, limit: number): Promise<DeadLetter[]> {
  const letters = await Promise.all(CONSUMER_GROUPS.map(({ topic, group }) => bus.deadLetters(topic, group, limit)));
  return letters.flat().sort((a, b) => b.at - a.at);
}
