import type { HybridClock, UserId } from '@chasqui/domain';
import type { Tracing } from '@chasqui/kit';
import type { Delivery } from '@chasqui/ports';
import { closeReasonOf } from '@chasqui/protocol';
import type { GroupSessions } from '../groups/group-sessions.ts';
import type { Session } from '../sessions/session.ts';
import type { SessionRegistry } from '../sessions/session-registry.ts';
import type { PushWatch } from './push-watch.ts';

export interface LocalDeliveriesOptions {
  sessions: SessionRegistry;
  groups: Pick<GroupSessions, 'deliver'>;
  watch: PushWatch;
  /** Sessions of the server API, which only Business answers. */
  serverSender: { deliver(sessionId: string, frame: string): boolean };
  ids: HybridClock;
  /** Undefined: tracing is off. */
  tracing: Tracing | undefined;
  /** Called with the user whose blocks, contacts or privacy changed. */
  relationsChanged(userId: UserId): void;
  /** Called with the number of sockets that took a frame. */
  pushed(count: number): void;
  /** A frame could not be written for a session. Only that delivery is lost, and the inbox heals it. */
  failed(session: Session, error: unknown): void;
}

/** Delivers to this node's sockets. Returns, for each delivery in order, how many sessions took it. */
export function deliverLocally(options: LocalDeliveriesOptions, deliveries: readonly Delivery[]): number[] {
  const { sessions, groups, watch, serverSender, ids, tracing, pushed, failed } = options;
  const push = (session: Session, frame: string): boolean => {
    try {
      return session.sendText(frame);
    } catch (error) {
      failed(session, error);
      return false;
    }
  };
  let total = 0;
  const counts = deliveries.map((delivery) => {
    const { userId, frame, onlySession, exceptSession, closeCode, traceparent } = delivery;
    if (delivery.relationsChanged) {
      options.relationsChanged(userId);
      return 0;
    }
    if (delivery.group !== undefined) {
      if (delivery.watch !== undefined) ids.observe(delivery.watch.messageId);
      return groups.deliver(delivery);
    }
    const span =
      traceparent === undefined ? undefined : tracing?.begin('push to sockets', 'consumer', { parent: traceparent });
    let count = onlySession !== undefined && serverSender.deliver(onlySession, frame) ? 1 : 0;
    for (const session of sessions.of(userId)) {
      if (session.isOver || session.sessionId === exceptSession) continue;
      // A session whose log-in is not answered yet gets no frames, but may be closed.
      if (session.state !== 'open' && closeCode === undefined) continue;
      if (onlySession !== undefined && session.sessionId !== onlySession) continue;
      if (push(session, frame)) count++;
      if (closeCode !== undefined) session.end(closeCode, closeReasonOf(closeCode));
    }
    if (delivery.watch !== undefined) {
      ids.observe(delivery.watch.messageId);
      if (count > 0) watch.push(userId, delivery.watch.messageId, delivery.watch.conversationId);
    }
    span?.end();
    total += count;
    return count;
  });
  pushed(total);
  return counts;
}
