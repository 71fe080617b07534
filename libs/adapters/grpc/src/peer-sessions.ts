import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { DELIVER, MAX_WIRE_BYTES, SEND } from './wire.ts';

/** How long a stranger's session outlasts its first stream, ms. */
const STRANGER_MS = 1_000;
const PATHS: ReadonlySet<string> = new Set([DELIVER.path, SEND.path]);
const STREAM_CREATED = 'http2.server.stream.created';

export interface PeerSessionsOptions {
  /** Only sessions of the server on this port are handled. */
  port: number;
  /** Whether a stream with these headers comes from a process that may deliver. */
  accepts(headers: IncomingHttpHeaders): boolean;
}

/**
 * Distinguishes the sessions of peers from those of strangers, by their streams.
 *
 * - A peer may send a whole batch at once. HTTP/2 starts with windows of 64 KiB, and each further 64 KiB waits for a
 *   turn of the event loop at either end: with turns of 50 ms that is 1,500 deliveries a second. The windows are
 *   widened once per session: each time costs a SETTINGS frame, and Node ends a session, by an exception, that has too
 *   many of them unacked.
 * - A stranger's session ends with its first stream, which was refused.
 *
 * `@grpc/grpc-js` has such an option for clients, but none for servers, so sessions are taken from Node's own event for
 * a new stream. An exception in that listener would end the process, so it must not throw.
 */
export function watchPeerSessions({ port, accepts }: PeerSessionsOptions): Disposable {
  const known = new WeakSet<Http2Session>();
  const watch = (announced: unknown) => {
    const { stream, headers } = announced as { stream: ServerHttp2Stream; headers: IncomingHttpHeaders };
    const { session } = stream;
    if (session === undefined || known.has(session) || session.socket?.localPort !== port) return;
    known.add(session);
    if (PATHS.has(String(headers[':path'])) && accepts(headers)) widen(session);
    else setImmediate(() => end(session));
  };
  subscribe(STREAM_CREATED, watch);
  return { [Symbol.dispose]: () => unsubscribe(STREAM_CREATED, watch) };
}

/** Accepts no more streams; open ones (which a refused client may keep open) get a moment to receive the refusal. */
function end(session: Http2Session): void {
  session.close();
  const timer = setTimeout(() => session.destroy(), STRANGER_MS);
  timer.unref();
  session.once('close', () => clearTimeout(timer));
}

function widen(session: Http2Session): void {
  try {
    session.setLocalWindowSize(MAX_WIRE_BYTES);
    session.settings({ initialWindowSize: MAX_WIRE_BYTES }, () => {});
  } catch {
    // The session ended in this turn.
  }
}
