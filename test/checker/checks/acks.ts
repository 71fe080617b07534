import type { History } from '../history.ts';
import { type Violation, violation } from '../violation.ts';

/** C1, C2: each ack was true when it was sent, wherever the engines were inspected. */
export function checkAcks(history: History): Violation[] {
  return history
    .of('acked')
    .filter(({ held }) => held === false)
    .map(({ level, identity, messageId }) =>
      level === 'queued'
        ? violation('C1', `${identity} was acked as queued (${messageId}) and the bus does not have it`, identity)
        : violation('C2', `${identity} was acked as stored (${messageId}) and not all of it is committed`, identity),
    );
}
