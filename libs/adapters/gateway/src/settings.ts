import { ImError } from '@chasqui/domain';

/**
 * Seconds without a byte from a client, after which it gets a ping, and is dropped if that stays unanswered too. Generous:
 * the application's own heartbeat is the stricter one.
 */
export const IDLE_TIMEOUT_S = 120;
/** Ms that an ended connection has to take what waits for it and to close. */
export const CLOSING_TIMEOUT_MS = 8_000;
/** Ms for the head of an HTTP request, and so for an upgrade. */
export const REQUEST_TIMEOUT_MS = 10_000;
/**
 * The engines stop reading at so many times the frame bound. In between the gateway sees the whole frame, and can say by
 * its own close code what was wrong with it.
 */
export const ENGINE_BOUND = 2;
/** Said with the close of a connection whose frame was larger than the bound. */
export const TOO_LARGE = 'frame_too_large';
/** Said with the close of a connection that took too little of what waited for it. */
export const TOO_SLOW = 'slow_consumer';
/** What connections are closed with when their gateway is disposed: "going away" (RFC 6455, section 7.4.1). */
export const GOING_AWAY = 1001;
/** What a connection without a closing handshake closed with (RFC 6455, section 7.4.1). */
export const ABNORMAL = 1006;
/** The close code of a server that met a fault of its own (RFC 6455, section 7.4.1). */
export const INTERNAL_ERROR = 1011;
/** The longest close reason, in bytes of UTF-8 (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123;

/** The error of a gateway that cannot have its port. */
export function portRefused(host: string, port: number, cause?: Error): ImError {
  const reason = cause?.message ?? 'it is in use, or not ours to have';
  return new ImError(
    'config_invalid',
    `cannot listen on ${host} port ${port}: ${reason}`,
    { field: 'port', port },
    cause,
  );
}

/** As much of a close reason as a close frame holds. */
export function shortReason(reason: string): string {
  let short = reason.slice(0, MAX_REASON_BYTES);
  while (Buffer.byteLength(short) > MAX_REASON_BYTES) short = short.slice(0, -1);
  return short;
}
