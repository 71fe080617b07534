import type { ErrorCode } from '@chasqui/domain';

/**
 * The HTTP status of each error code: 4xx if the caller must change something, 429 if it must slow down, 503 if the
 * same request may succeed later. Codes that only occur on WebSockets have the status of their meaning.
 */
const HTTP_STATUS = {
  invalid_json: 400,
  invalid_frame: 400,
  unknown_type: 400,
  unknown_kind: 400,
  frame_too_large: 413,
  not_logged_in: 401,
  already_logged_in: 409,
  login_timeout: 408,
  token_invalid: 401,
  token_expired: 401,
  forged_sender: 403,
  recipient_invalid: 422,
  not_a_member: 403,
  content_invalid: 422,
  content_too_large: 413,
  client_message_id_reused: 409,
  message_not_found: 404,
  recall_refused: 409,
  unprocessable: 422,
  too_fast: 429,
  overloaded: 503,
  predecessor_missing: 409,
  bus_unavailable: 503,
  store_unavailable: 503,
  search_unavailable: 503,
  presence_unavailable: 503,
  engine_unavailable: 503,
  peer_unavailable: 503,
  deadline_exceeded: 504,
  clock_unsound: 503,
  node_draining: 503,
  connection_closed: 503,
  heartbeat_missed: 408,
  slow_consumer: 503,
  session_replaced: 409,
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  user_exists: 409,
  limit_reached: 409,
  blocked: 403,
  credentials_wrong: 401,
  user_disabled: 401,
  registration_disabled: 403,
  config_invalid: 500,
  data_damaged: 500,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

export function httpStatusOf(code: ErrorCode): number {
  return HTTP_STATUS[code];
}
