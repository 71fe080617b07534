import { ImError } from '@chasqui/domain';

/** What to do about queues without a leader that may have messages: only an operator knows whether brokers are away. */
export const LEADERLESS_HINT =
  'start every broker that is down; if `rabbitmq-queues quorum_status QUEUE` then names no leader, its messages are lost: ' +
  'rabbitmqctl delete_queue QUEUE, and npx chasqui setup';

/** The names of some queues, for one line. */
export function namesOfSome(queues: readonly string[]): string {
  return queues.slice(0, 3).join(', ') + (queues.length > 3 ? ` and ${queues.length - 3} others` : '');
}

export function leaderless(queues: readonly string[]): ImError {
  const message = `RabbitMQ: no leader for ${namesOfSome(queues)}: ${LEADERLESS_HINT}`;
  return new ImError('config_invalid', message, { leaderless: queues });
}
