/**
 * How a failure affects a retry. `moved`: look the region up again. `busy`: retry at the same place, later. `lost`: no
 * answer; the call may have been executed. `refused`: a retry would fail the same way.
 */
export type FailureKind = 'moved' | 'busy' | 'lost' | 'refused';

/** A failure between us and HBase. It leaves the adapter only as the `cause` of an `ImError`. */
export class HbaseError extends Error {
  readonly kind: FailureKind;
  /** The server's exception class without its package, or one of our own names. */
  readonly reason: string;

  constructor(kind: FailureKind, reason: string, text: string, cause?: unknown) {
    super(`${reason}: ${text}`, cause === undefined ? undefined : { cause });
    this.name = 'HbaseError';
    this.kind = kind;
    this.reason = reason;
  }

  static from(error: unknown): HbaseError {
    if (error instanceof HbaseError) return error;
    const text = error instanceof Error ? error.message : String(error);
    return new HbaseError('refused', 'Unexpected', text, error);
  }
}

/**
 * The region is elsewhere or moving, or its server is stopping. Some of these forbid a retry, but only at the same
 * place.
 */
const MOVED =
  /^(NotServingRegion|RegionMoved|RegionOpening|WrongRegion|RegionServerStopped|RegionServerAborted|ServerNotRunningYet)Exception$/;
const BUSY =
  /^(RegionTooBusy|CallQueueTooBig|CallDropped|PleaseHold|RpcThrottling|Throttling|RegionInRecovery|OperationTimedOut)/;
/** Exceptions that come without their `do not retry` mark inside a batch. */
const REFUSED =
  /^(DoNotRetry|AccessDenied|NoSuchColumnFamily|TableNotFound|UnknownProtocol|UnknownService|FailedSanity)/;

/**
 * The error that the server threw. `stack` is Java's stack trace, with the message in its first line; `final`: the
 * server forbids a retry.
 */
export function serverError(className: string, stack: string, final: boolean): HbaseError {
  const reason = className.slice(className.lastIndexOf('.') + 1).replace(/^.*\$/, '');
  const text = (stack.split('\n', 1)[0] ?? '').slice(0, 500);
  return new HbaseError(kindOf(reason, final), reason, text);
}

function kindOf(reason: string, final: boolean): FailureKind {
  if (MOVED.test(reason)) return 'moved';
  if (BUSY.test(reason)) return 'busy';
  // Any other exception: HBase's own clients retry unless it is forbidden, and look the region up again.
  return final || REFUSED.test(reason) ? 'refused' : 'moved';
}
