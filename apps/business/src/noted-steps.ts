import type { MessageId, MessageStep } from '@chasqui/domain';
import type { CommitTimes } from './commit-times.ts';

/** Where an event says which of its messages went to a socket, and when. */
interface Pushed {
  at: number;
  nodeId: string;
  pushedMs?: readonly number[];
}

/** That a socket took the `index`-th message of the event, if one did. */
export function pushedStep({ at, nodeId, pushedMs }: Pushed, index: number): MessageStep | undefined {
  const ms = pushedMs?.[index] ?? -1;
  return ms < 0 ? undefined : { state: 'pushed_live', at: at - ms, node: nodeId };
}

/** What is noted of a message with the rise of its status: what is given, and when it was committed. */
export function stepsBefore(
  commits: CommitTimes,
  messageId: MessageId,
  ...steps: readonly (MessageStep | undefined)[]
): MessageStep[] {
  return [...steps, commits.of(messageId)].filter((step) => step !== undefined);
}
