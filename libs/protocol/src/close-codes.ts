import type { ErrorCode } from '@chasqui/domain';

/**
 * Close codes: 4000–4499: reconnect (to any node); 4500–4999: do not reconnect without a change on the client's side.
 */
export const CLOSE_CODES = {
  node_draining: 4000,
  heartbeat_missed: 4001,
  login_timeout: 4002,
  slow_consumer: 4003,
  internal: 4004,
  clock_unsound: 4005,
  presence_unavailable: 4006,
  overloaded: 4007,
  logged_out: 4500,
  token_invalid: 4501,
  token_expired: 4502,
  session_replaced: 4503,
  not_logged_in: 4504,
  invalid_json: 4505,
  invalid_frame: 4506,
  too_fast: 4507,
  frame_too_large: 4508,
  user_disabled: 4509,
} as const satisfies Partial<Record<ErrorCode | 'logged_out', number>>;

export type CloseReason = keyof typeof CLOSE_CODES;

/** The reason sent with a close code; empty for a code of another version. */
export function closeReasonOf(code: number): string {
  return Object.entries(CLOSE_CODES).find(([, known]) => known === code)?.[0] ?? '';
}

/** Whether a client closed with `code` should reconnect. Codes below 4000 are the transport's: yes. */
export function mayReconnect(code: number): boolean {
  return code < 4500;
}
