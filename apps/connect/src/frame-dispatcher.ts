import { ImError } from '@chasqui/domain';
import type { Connection, GatewayHandlers } from '@chasqui/ports';
import { CLOSE_CODES, type ClientFrame, type CloseReason, decodeFrame, parseClientFrame } from '@chasqui/protocol';
import { AddressGuard } from './admission/address-guard.ts';
import { CHARACTERS_PER_UNIT, FRAME, FRAME_COSTS, REFUSAL } from './admission/work-costs.ts';
import type { FrameHandler } from './frames/frame-handler.ts';
import { FRAME_HANDLERS } from './frames/index.ts';
import type { NodeContext } from './node-context.ts';
import { MAX_EARLY_FRAMES, Session } from './sessions/session.ts';

/** Heartbeat intervals without a frame after which a session is closed. */
const HEARTBEATS_MISSED = 2.5;

/** Takes frames from sockets to their handlers, and closes connections that fall silent. */
export class FrameDispatcher {
  readonly handlers: Omit<GatewayHandlers, 'http'>;
  readonly #node: NodeContext;
  readonly #onClosed: (session: Session) => void;
  readonly #sessions = new Map<string, Session>();
  readonly #addresses: AddressGuard;
  #issued = 0;

  constructor(node: NodeContext, onClosed: (session: Session) => void) {
    this.#node = node;
    this.#onClosed = onClosed;
    this.#addresses = new AddressGuard(node);
    this.handlers = {
      open: (connection) => this.#open(connection),
      message: (connection, data) => this.#message(connection, data),
      close: (connection, code) => this.#close(connection, code),
    };
  }

  /** Closes connections that did not log in in time, that are silent, or whose token has expired. */
  sweep(): void {
    const { clock, limits, work } = this.#node;
    const now = clock.monotonic();
    work.sweep();
    this.#addresses.sweep();
    for (const session of this.#sessions.values()) {
      const silent = now - session.seenAt;
      session.rest(now);
      if (session.state === 'open') {
        if (session.expiresAt <= clock.now()) session.kick('token_expired');
        else if (silent > limits.heartbeatMs * HEARTBEATS_MISSED) session.close('heartbeat_missed');
        else this.#node.reviews.reviewIfDue(session);
      } else if (silent > limits.loginTimeoutMs) session.close('login_timeout');
    }
  }

  #open(connection: Connection): void {
    const { nodeId, clock, draining, limits } = this.#node;
    const isFull = this.#sessions.size >= limits.maxConnectionsPerNode;
    if (isFull || !this.#addresses.open(connection.remoteAddress)) {
      connection.end(CLOSE_CODES.overloaded, 'overloaded');
      return;
    }
    const sessionId = `${nodeId}-${(++this.#issued).toString(36)}`;
    const session = new Session(connection, sessionId, clock.monotonic());
    this.#sessions.set(connection.id, session);
    if (draining) session.close('node_draining');
  }

  #close(connection: Connection, code: number): void {
    const session = this.#sessions.get(connection.id);
    if (session === undefined) return;
    this.#sessions.delete(connection.id);
    this.#addresses.closed(connection.remoteAddress);
    const wasOpen = session.state === 'open';
    session.state = 'closed';
    this.#node.metrics.closed(code);
    this.#node.sessions.remove(session);
    this.#node.groups.leave(session);
    if (!wasOpen) return;
    // The devices of a logged-out or disabled session may be forgotten by now; writing a note would restore them.
    if (code !== CLOSE_CODES.logged_out && code !== CLOSE_CODES.user_disabled) this.#node.deviceNotes.seen(session);
    // A draining node withdraws presence itself, after it has reported the unacked messages.
    if (!this.#node.draining) void this.#node.registrar.unregister(session);
    this.#onClosed(session);
  }

  #message(connection: Connection, data: string | Uint8Array): void {
    const session = this.#sessions.get(connection.id);
    if (session === undefined || session.isFlooding || session.isOver) return;
    session.seenAt = this.#node.clock.monotonic();
    if (session.state === 'authenticating') {
      this.#holdBack(session, data);
      return;
    }
    this.#handle(session, data);
  }

  #handle(session: Session, data: string | Uint8Array): void {
    const units = FRAME + data.length / CHARACTERS_PER_UNIT;
    let frame: ClientFrame | undefined;
    try {
      // Checked before the frame is decoded: the bytes of a connection without a log-in are charged to its address.
      if (session.state === 'connected') this.#checkAddress(session.connection, units);
      frame = parseClientFrame(decodeFrame(data, session.subprotocol));
      this.#node.metrics.frame(frame.type);
      if (session.state !== 'open' && frame.type !== 'login') {
        throw new ImError('not_logged_in', 'the first frame of a connection must be login', { field: 'type' });
      }
      if (session.state === 'open') this.#charge(session, frame, units);
      const handler = FRAME_HANDLERS[frame.type] as FrameHandler<typeof frame.type>;
      const done = handler(this.#node, session, frame as never);
      if (done === undefined) return;
      const handled = frame;
      done
        .then(
          () => this.#done(session, handled),
          (error) => this.#refuse(session, error, handled),
        )
        .catch((error) => this.#broken(session, error));
    } catch (error) {
      this.#refuse(session, error, frame, frame === undefined ? units : 0);
    }
  }

  /**
   * Charges a user for all their sessions together. It runs after the frame is read, so that the refusal can name the
   * frame it answers. `units`: the cost of the frame's size. A sync page is not refused: it waits.
   */
  #charge({ userId }: Session, { type }: ClientFrame, units: number): void {
    const { work } = this.#node;
    const retryAfterMs = work.take(userId, units + FRAME_COSTS[type]);
    if (retryAfterMs === 0) return;
    work.spend(userId, units);
    if (type === 'sync_offline_messages' || type === 'sync') return;
    throw new ImError('too_fast', 'the user exceeds the work budget', { retryAfterMs });
  }

  /** Guessing tokens, and having signatures checked and frames read, must not be free. */
  #checkAddress({ remoteAddress }: Connection, units: number): void {
    this.#addresses.frame(remoteAddress, units);
    const waitMs = this.#addresses.waitMs(remoteAddress);
    if (waitMs > 0)
      throw new ImError('overloaded', 'too many failed log-ins from this address', { retryAfterMs: waitMs });
  }

  /** Frames that arrive during a log-in wait for its outcome. */
  #holdBack(session: Session, data: string | Uint8Array): void {
    session.early ??= [];
    if (session.early.length < MAX_EARLY_FRAMES) session.early.push(data);
    else this.#refuse(session, new ImError('too_fast', 'wait for login_ok', { retryAfterMs: 100 }));
  }

  #done(session: Session, { type }: ClientFrame): void {
    if (type === 'login' && session.state === 'open') this.#addresses.loggedIn(session.connection.remoteAddress);
    this.#releaseEarly(session);
  }

  #releaseEarly(session: Session): void {
    if (session.early === null || session.state === 'authenticating') return;
    const early = session.early;
    session.early = null;
    for (const data of early) if ((session.state as string) !== 'closed') this.#handle(session, data);
  }

  /** Only the log shows the texts of engine errors. While an engine is away, there is one line for each frame. */
  #log(err: unknown, { code, cause, retry }: ImError, frame: ClientFrame | undefined): void {
    const { logger } = this.#node;
    const fields = { err, type: frame?.type };
    if (code === 'internal') logger.error(fields, 'a frame handler failed');
    else if (cause !== undefined && retry !== 'never') logger.debug(fields, `a frame was refused: ${code}`);
  }

  /**
   * Answers a fault with its error frame (C15). Before or at login it also closes the connection. `unpaid`: units of
   * work that the frame has cost and its user has not paid for.
   */
  #refuse(session: Session, fault: unknown, frame?: ClientFrame, unpaid = 0): void {
    const error = ImError.from(fault);
    this.#log(fault, error, frame);
    this.#node.metrics.failed(error.code);
    if (session.state === 'closed') return;
    session.sendError(error, frame === undefined ? (error.details.ref as string | undefined) : refOf(frame));
    if (session.state === 'open') {
      this.#endFlood(session, REFUSAL + unpaid);
      return;
    }
    if (error.retry === 'never' && error.code !== 'token_expired')
      this.#addresses.failed(session.connection.remoteAddress);
    session.close(closeReason(error));
    session.early = null;
  }

  /** Sending the answer failed as well. */
  #broken(session: Session, error: unknown): void {
    this.#node.logger.error({ err: error }, 'a frame could not be answered');
    session.close('internal');
  }

  /** Refusing costs work too: a session that continues without a budget loses its connection. */
  #endFlood(session: Session, units: number): void {
    const { work } = this.#node;
    work.spend(session.userId, units);
    if (!work.isExhausted(session.userId)) return;
    session.isFlooding = true;
    session.close('too_fast');
  }
}

/**
 * The `ref` of an error frame: the frame's own ref, or the clientMessageId of a chat. An error about a frame that could
 * not be read has it in its details.
 */
function refOf(frame: ClientFrame): string | undefined {
  return frame.type === 'chat' ? frame.clientMessageId : frame.ref;
}

function closeReason({ code, retry }: ImError): CloseReason {
  if (Object.hasOwn(CLOSE_CODES, code)) return code as CloseReason;
  return retry === 'never' ? 'invalid_frame' : 'internal';
}
