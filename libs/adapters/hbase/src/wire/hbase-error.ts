/**
 * What a failure means for another try. `moved`: look the region up again. `busy`: the same place, later. `lost`: no
 * answer; what was asked may have been done. `refused`: another try would fail the same way.
 */
export type FailureKind = 'moved' | 'busy' | 'lost' | 'refused';

/** A failure between us and HBase. It does not leave the adapter but as the cause of an `ImError`. */
export class HbaseError extends Error {
  readonly kind: FailureKind;
  /** The server's exception class without its package, or a name of ours. */
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

/** The region is elsewhere, is on its way, or its server is going: some of these forbid a repeat, at the same place. */
const MOVED =
  /^(NotServingRegion|RegionMoved|RegionOpening|WrongRegion|RegionServerStopped|RegionServerAborted|ServerNotRunningYet)Exception$/;
const BUSY =
  /^(RegionTooBusy|CallQueueTooBig|CallDropped|PleaseHold|RpcThrottling|Throttling|RegionInRecovery|OperationTimedOut)/;
/** Exceptions that come without their `do not retry` mark, inside a batch. */
const REFUSED =
  /^(DoNotRetry|AccessDenied|NoSuchColumnFamily|TableNotFound|UnknownProtocol|UnknownService|FailedSanity)/;

/** What the server threw. `stack` is Java's, its first line the message; `final`: the server forbids a repeat. */
export function serverError(className: string, stack: string, final: boolean): HbaseError {
  const reason = className.slice(className.lastIndexOf('.') + 1).replace(/^.*\$/, '');
  const text = (stack.split('\n', 1)[0] ?? '').slice(0, 500);
  return new HbaseError(kindOf(reason, final), reason, text);
}

function kindOf(reason: string, final: boolean): FailureKind {
  if (MOVED.test(reason)) return 'moved';
  if (BUSY.test(reason)) return 'busy';
  // Whatever else it is: HBase's own clients repeat what is not forbidden, and look the region up again.
  return final || REFUSED.test(reason) ? 'refused' : 'moved';
}
