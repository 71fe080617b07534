import { type DevicePresence, defined, ImError } from '@chasqui/domain';
import { CLOSE_CODES, encodeServerFrame } from '@chasqui/protocol';
import { sessionsToEnd } from '../admission/kick-policy.ts';
import { FRAME_COSTS } from '../admission/work-costs.ts';
import { enterGroups } from '../groups/group-heads.ts';
import type { NodeContext } from '../node-context.ts';
import type { Session } from '../sessions/session.ts';
import type { FrameHandler } from './frame-handler.ts';
import { sendPage } from './sync.ts';

const REPLACED = {
  frame: encodeServerFrame({ type: 'kicked', reason: 'session_replaced' }),
  closeCode: CLOSE_CODES.session_replaced,
};
const LOST_ITS_PLACE = {
  frame: encodeServerFrame({
    type: 'error',
    code: 'presence_unavailable',
    message: 'a log-in of this device that is over took the place of this session: connect again',
    retry: 'backoff',
  }),
  closeCode: CLOSE_CODES.presence_unavailable,
};

/** Needs nothing but the token: with every store down, users still log in (C11). */
export const handleLogin: FrameHandler<'login'> = async (node, session, frame) => {
  if (session.state !== 'connected') throw new ImError('already_logged_in', 'this connection is logged in');
  if (node.draining) throw new ImError('node_draining', 'this node is stopping: connect to another');
  session.state = 'authenticating';
  session.place = node.sessions.nextPlace();
  const claims = await node.verifier.verify(frame.token);
  const { userId, deviceId = frame.deviceId } = claims;
  if (deviceId !== frame.deviceId) {
    throw new ImError('token_invalid', 'the token is bound to another device', { field: 'deviceId' });
  }
  await node.cutOffs.checkAgain(claims, deviceId);
  payFor(node, userId);
  // The socket may have closed during the await.
  if (session.isOver) return;
  session.userId = userId;
  session.deviceId = frame.deviceId;
  session.platform = frame.platform ?? 'unknown';
  session.claims = claims;
  session.since = node.clock.now();
  if (!takePlace(node, session)) return;
  const registered = await node.registrar.register(session);
  // Presence was slow, and the device has logged in elsewhere. If it is here all the same, it may try again.
  if (registered?.newer) return session.close('presence_unavailable');
  // Also when this session is over: presence has already dropped the session that it replaced.
  replaceElsewhere(node, session, registered?.replaced ?? null);
  // It closed during the await, or a later log-in of the device replaced it.
  if (session.isOver) {
    await node.registrar.unregister(session);
    return;
  }
  session.state = 'open';
  sendAway(node, session, registered?.others ?? []);
  node.deviceNotes.seen(session);
  session.send(loginOk(node, session, frame.ref));
  void node.reviews.review(session);
  if (frame.groupsSince !== undefined) void enterGroups(node, session, frame.groupsSince, frame.ref);
  if (frame.position !== undefined) {
    const { position, epoch, ref } = frame;
    await sendPage(node, session, {
      position,
      ...defined({ epoch, ref }),
    });
  }
};

/** Users who were closed for asking too much gain nothing by reconnecting. Errors: `overloaded`. */
function payFor({ work }: NodeContext, userId: string): void {
  const retryAfterMs = work.waitMs(userId);
  if (retryAfterMs > 0) throw new ImError('overloaded', 'the user has exceeded the work budget', { retryAfterMs });
  work.spend(userId, FRAME_COSTS.login);
}

/**
 * A device has one session. Of several on this node, the one whose log-in arrived last stays, however long each log-in
 * takes. The others are told and closed for good. Returns false if `session` is one of them.
 */
function takePlace(node: NodeContext, session: Session): boolean {
  const others = node.sessions.of(session.userId).filter(({ deviceId }) => deviceId === session.deviceId);
  if (others.some((other) => other.place > session.place)) {
    session.kick('session_replaced');
    return false;
  }
  node.sessions.add(session);
  for (const other of others) other.kick('session_replaced');
  return true;
}

/**
 * Of sessions of one device on several nodes, the one that presence registered last stays. If the device is no longer on
 * this node by then, it may be where it was replaced, so that session is not closed for good.
 */
function replaceElsewhere(node: NodeContext, session: Session, replaced: DevicePresence | null): void {
  if (replaced === null || replaced.nodeId === node.nodeId || replaced.sessionId === session.sessionId) return;
  const { userId, deviceId, nodeId, sessionId } = replaced;
  const isHere = node.sessions.of(userId).some((other) => other.deviceId === deviceId && !other.isOver);
  const ending = isHere ? REPLACED : LOST_ITS_PLACE;
  void node.router.route([{ userId, nodeId, onlySession: sessionId, ...ending }]);
}

/**
 * C16: everything for a user goes to each of their devices, so their number is bounded. The kick policy may allow
 * fewer.
 */
function sendAway(node: NodeContext, session: Session, others: readonly DevicePresence[]): void {
  const ended = sessionsToEnd(node.kickPolicy, session, others, node.limits.maxDevicesPerUser);
  if (ended.length === 0) return;
  void node.router.route(
    ended.map(({ userId, nodeId, sessionId }) => ({ userId, nodeId, onlySession: sessionId, ...REPLACED })),
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
    ...defined({ ref }),
  };
}
