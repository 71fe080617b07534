import { ImError } from '@chasqui/domain';
import { OTHER_PORT } from '@chasqui/kit';

/**
 * Seconds without a byte from a client, after which it gets a ping; without an answer to that, the connection is
 * closed. Generous, as the application's own heartbeat is stricter.
 */
export const IDLE_TIMEOUT_S = 120;
/** Time that an ended connection has to send its backlog and to close, ms. */
export const CLOSING_TIMEOUT_MS = 8_000;
/** Time for the head of an HTTP request, so also for an upgrade, ms. */
export const REQUEST_TIMEOUT_MS = 10_000;
/**
 * The engines' own limit, as a multiple of the frame bound. Up to it, the gateway receives the whole frame, and can
 * close with its own close code.
 */
export const ENGINE_BOUND = 2;
/** Close reason of a connection whose frame exceeded the bound. */
export const TOO_LARGE = 'frame_too_large';
/** Close reason of a connection that did not read its backlog fast enough. */
export const TOO_SLOW = 'slow_consumer';
/** Close code of connections when their gateway is disposed: "going away" (RFC 6455, section 7.4.1). */
export const GOING_AWAY = 1001;
/** Close code of a connection without a closing handshake (RFC 6455, section 7.4.1). */
export const ABNORMAL = 1006;
/** Close code after a fault of the server (RFC 6455, section 7.4.1). */
export const INTERNAL_ERROR = 1011;
/** The longest close reason, in bytes of UTF-8 (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123;

/** The error of a gateway whose port cannot be opened. */
export function portRefused(host: string, port: number, cause?: Error): ImError {
  const reason = cause?.message ?? 'it is in use, or not ours to have';
  return new ImError(
    'config_invalid',
    `cannot listen on ${host} port ${port}: ${reason}. ${OTHER_PORT}`,
    { field: 'port', port },
    cause,
  );
}

/** Cuts a close reason to what fits in a close frame. */
export function shortReason(reason: string): string {
  let short = reason.slice(0, MAX_REASON_BYTES);
  while (Buffer.byteLength(short) > MAX_REASON_BYTES) short = short.slice(0, -1);
  return short;
}
