/** What a caller may do about an error. `reconnect`: log in again, on any node, then resend. */
export type Retry = 'never' | 'backoff' | 'reconnect';

/**
 * Every stable error code with its retry rule. A code is never renamed or reused; docs/errors.md explains each one, and
 * a test compares the two.
 */
export const ERROR_CODES = {
  invalid_json: 'never',
  invalid_frame: 'never',
  unknown_type: 'never',
  unknown_kind: 'never',
  frame_too_large: 'never',
  not_logged_in: 'never',
  already_logged_in: 'never',
  login_timeout: 'reconnect',
  token_invalid: 'never',
  token_expired: 'never',
  forged_sender: 'never',
  recipient_invalid: 'never',
  not_a_member: 'never',
  muted: 'never',
  not_allowed: 'never',
  group_exists: 'never',
  group_full: 'never',
  too_many_groups: 'never',
  link_invalid: 'never',
  change_id_reused: 'never',
  mention_invalid: 'never',
  content_invalid: 'never',
  content_too_large: 'never',
  attachment_invalid: 'never',
  upload_conflict: 'never',
  client_message_id_reused: 'never',
  message_not_found: 'never',
  recall_refused: 'never',
  action_refused: 'never',
  unprocessable: 'never',
  too_fast: 'backoff',
  overloaded: 'backoff',
  predecessor_missing: 'backoff',
  bus_unavailable: 'backoff',
  store_unavailable: 'backoff',
  search_unavailable: 'backoff',
  presence_unavailable: 'backoff',
  engine_unavailable: 'backoff',
  peer_unavailable: 'backoff',
  deadline_exceeded: 'backoff',
  clock_unsound: 'backoff',
  read_only: 'backoff',
  node_draining: 'reconnect',
  connection_closed: 'reconnect',
  heartbeat_missed: 'reconnect',
  slow_consumer: 'reconnect',
  session_replaced: 'never',
  invalid_request: 'never',
  unauthorized: 'never',
  forbidden: 'never',
  not_found: 'never',
  user_exists: 'never',
  limit_reached: 'never',
  blocked: 'never',
  not_addable: 'never',
  credentials_wrong: 'never',
  user_disabled: 'never',
  user_erased: 'never',
  legal_hold: 'never',
  api_key_invalid: 'never',
  api_key_expired: 'never',
  scope_missing: 'never',
  cursor_expired: 'never',
  import_out_of_order: 'never',
  registration_disabled: 'never',
  config_invalid: 'never',
  data_damaged: 'never',
  internal: 'backoff',
} as const satisfies Record<string, Retry>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A code that came from another process. `otherwise`: for one that this version does not know. */
export function knownErrorCode(code: unknown, otherwise: ErrorCode = 'internal'): ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : otherwise;
}

/** The server's engines are away: these codes need no entry below. */
type Unavailable = Extract<ErrorCode, `${string}_unavailable`>;
type Retried = {
  [C in Exclude<ErrorCode, Unavailable> as (typeof ERROR_CODES)[C] extends 'never'
    ? never
    : C]: (typeof ERROR_CODES)[C];
};

/**
 * The codes that are worth another try, again: a program that only makes errors, such as an application with the client
 * library, does not carry the names of all others. The type holds the two lists together.
 */
const RETRIED: Retried = {
  login_timeout: 'reconnect',
  too_fast: 'backoff',
  overloaded: 'backoff',
  predecessor_missing: 'backoff',
  deadline_exceeded: 'backoff',
  clock_unsound: 'backoff',
  read_only: 'backoff',
  node_draining: 'reconnect',
  connection_closed: 'reconnect',
  heartbeat_missed: 'reconnect',
  slow_consumer: 'reconnect',
  internal: 'backoff',
};

function retryOf(code: ErrorCode): Retry {
  if (code.endsWith('_unavailable')) return 'backoff' satisfies (typeof ERROR_CODES)[Unavailable];
  return (RETRIED as Partial<Record<ErrorCode, Retry>>)[code] ?? 'never';
}

export interface ImErrorDetails {
  /** JSON-pointer-like path of the offending field, for example `content.text`. */
  field?: string;
  /** Earliest sensible time to try again, in milliseconds from now. */
  retryAfterMs?: number;
  [key: string]: unknown;
}

/** The project's only error class: adapters, handlers and edges throw `ImError`, with the original error as `cause`. */
export class ImError extends Error {
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly details: ImErrorDetails;

  constructor(code: ErrorCode, message: string, details: ImErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ImError';
    this.code = code;
    this.retry = retryOf(code);
    this.details = details;
  }

  /** Passes an `ImError` through and wraps anything else as `internal` (or `fallback`). */
  static from(error: unknown, fallback: ErrorCode = 'internal'): ImError {
    if (error instanceof ImError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new ImError(fallback, message, {}, error);
  }
}
