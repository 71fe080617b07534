import type { DevicePresence } from '@chasqui/domain';
import { ImError } from '@chasqui/domain';
import { CLOSE_CODES, encodeServerFrame } from '@chasqui/protocol';
import { sessionsToEnd } from '../kick-policy.ts';
import type { NodeContext } from '../node-context.ts';
import type { Session } from '../session.ts';
import { FRAME_COSTS } from '../work-costs.ts';
import type { FrameHandler } from './index.ts';
import { sendPage } from './sync.ts';

/** Needs no engine but the token: with every store down, users still log in (C11). */
export const handleLogin: FrameHandler<'login'> = async (node, session, frame) => {
  if (session.state !== 'connected') throw new ImError('already_logged_in', 'this connection is logged in');
  if (node.draining) throw new ImError('node_draining', 'this node is stopping: connect to another');
  session.state = 'authenticating';
  const claims = await node.verifier.verify(frame.token);
  const { userId, expiresAt, deviceId = frame.deviceId } = claims;
  if (deviceId !== frame.deviceId) {
    throw new ImError('token_invalid', 'the token is good for another device alone', { field: 'deviceId' });
  }
  await node.cutOffs.check(claims, deviceId);
  payFor(node, userId);
  // The socket may have closed meanwhile.
  if ((session.state as string) === 'closed') return;
  session.userId = userId;
  session.deviceId = frame.deviceId;
  session.platform = frame.platform ?? 'unknown';
  session.expiresAt = expiresAt;
  session.since = node.clock.now();
  node.sessions.add(session);
  const registered = await node.registrar.register(session);
  if ((session.state as string) === 'closed') {
    await node.registrar.unregister(session);
    return;
  }
  session.state = 'open';
  replaceEarlier(node, session, registered?.replaced ?? null);
  sendAway(node, session, registered?.others ?? []);
  node.deviceNotes.seen(session);
  session.send(loginOk(node, session, frame.ref));
  if (frame.position !== undefined) {
    const { position, epoch, ref } = frame;
    await sendPage(node, session, {
      position,
      ...(epoch === undefined ? {} : { epoch }),
      ...(ref === undefined ? {} : { ref }),
    });
  }
};

/** Who was closed for asking too much does not get more by coming back. Errors: `overloaded`. */
function payFor({ work }: NodeContext, userId: string): void {
  const retryAfterMs = work.waitMs(userId);
  if (retryAfterMs > 0) throw new ImError('overloaded', 'this user has asked for too much', { retryAfterMs });
  work.spend(userId, FRAME_COSTS.login);
}

/** A device has one session: the one before is told, and closed for good. */
function replaceEarlier(node: NodeContext, session: Session, replaced: DevicePresence | null): void {
  const frame = encodeServerFrame({ type: 'kicked', reason: 'session_replaced' });
  const closeCode = CLOSE_CODES.session_replaced;
  for (const other of node.sessions.of(session.userId)) {
    if (other === session || other.deviceId !== session.deviceId) continue;
    other.sendText(frame);
    other.close('session_replaced');
  }
  if (replaced === null || replaced.nodeId === node.nodeId || replaced.sessionId === session.sessionId) return;
  const { userId, nodeId, sessionId } = replaced;
  void node.router.route([{ userId, nodeId, onlySession: sessionId, frame, closeCode }]);
}

/** C16: everything for a user goes to each of their devices, so their number is bounded; a policy may want fewer. */
function sendAway(node: NodeContext, session: Session, others: readonly DevicePresence[]): void {
  const ended = sessionsToEnd(node.kickPolicy, session, others, node.limits.maxDevicesPerUser);
  if (ended.length === 0) return;
  const frame = encodeServerFrame({ type: 'kicked', reason: 'session_replaced' });
  const closeCode = CLOSE_CODES.session_replaced;
  void node.router.route(
    ended.map(({ userId, nodeId, sessionId }) => ({ userId, nodeId, onlySession: sessionId, frame, closeCode })),
  );
}

function loginOk(node: NodeContext, session: Session, ref: string | undefined) {
  const { maxFrameBytes, maxContentBytes, messagesPerSecond, maxSyncPage, heartbeatMs } = node.limits;
  return {
    type: 'login_ok' as const,
    userId: session.userId,
    deviceId: session.deviceId,
    sessionId: session.sessionId,
    nodeId: node.nodeId,
    serverTime: node.clock.now(),
    heartbeatMs,
    limits: { maxFrameBytes, maxContentBytes, messagesPerSecond, maxSyncPage },
    ...(ref === undefined ? {} : { ref }),
  };
}
