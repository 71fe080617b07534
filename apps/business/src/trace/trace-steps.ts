import type { MessageId, MessageStep } from '@chasqui/domain';
import type { CommitTimes } from './commit-times.ts';

/** The fields of an event that say which of its messages a socket took, and when. */
interface Pushed {
  at: number;
  nodeId: string;
  pushedMs?: readonly number[];
}

/** The trace step of the event's message at `index`; undefined if no socket took it. */
export function pushedStep({ at, nodeId, pushedMs }: Pushed, index: number): MessageStep | undefined {
  const ms = pushedMs?.[index] ?? -1;
  return ms < 0 ? undefined : { state: 'pushed_live', at: at - ms, node: nodeId };
}

/** The trace steps stored with a status: the given ones, and the commit if this process saw it. */
export function traceStepsOf(
  commits: CommitTimes,
  messageId: MessageId,
  ...steps: readonly (MessageStep | undefined)[]
): MessageStep[] {
  return [...steps, commits.of(messageId)].filter((step) => step !== undefined);
}
