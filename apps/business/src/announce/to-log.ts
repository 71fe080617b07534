import type { RoutedDelivery } from '@chasqui/core';
import { groupOf, type LogId, ownerOf, type UserId } from '@chasqui/domain';
import { NO_SESSION } from '@chasqui/ports';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';

/** A frame for everybody who reads a log: the owner of an inbox, or the members of a group. `by`: its cause. */
export function toLog(log: LogId, by: UserId, frame: ServerFrame): RoutedDelivery {
  const text = encodeServerFrame(frame);
  const group = groupOf(log);
  if (group === null) return { userId: ownerOf(log) ?? by, frame: text };
  return { userId: by, group, onlySession: NO_SESSION, frame: text };
}
