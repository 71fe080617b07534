import type { WebhookDeadLetter, WebhookEndpoint, WebhookProgress } from '@chasqui/domain';

/** The process that serves an endpoint. `beat` rises with each write of that process, which shows that it lives. */
export interface WebhookLease {
  /** Empty: nobody. */
  owner: string;
  beat: number;
}

/**
 * The endpoints of webhooks, how far each was served, and what could not be delivered. A resolved write survives kill
 * -9. Bounds: `MAX_WEBHOOK_ENDPOINTS`; dead letters as `SavedProgress.maxDeadLetters` and `trimDeadLetters` leave them.
 * Errors: `store_unavailable` (repeat: every call is idempotent).
 */
export interface WebhookStore extends AsyncDisposable {
  /**
   * Stores an endpoint if its version is one more than the stored one's; 1: it is new, and served from the head of the
   * log on. True also if it is stored already, as it is. False: another version is stored, or (version 1) there are
   * `MAX_WEBHOOK_ENDPOINTS` already.
   */
  put(endpoint: WebhookEndpoint): Promise<boolean>;
  /** All of them with their leases, the oldest first. */
  list(): Promise<{ endpoint: WebhookEndpoint; lease: WebhookLease }[]>;
  /** Removes an endpoint with its progress and dead letters. False: there is none. */
  remove(endpointId: string): Promise<boolean>;
  /** Null: no such endpoint. */
  progress(endpointId: string): Promise<WebhookProgress | null>;
  /**
   * Atomically, if the lease is still `from`: makes `owner` the owner with a higher beat, stores the progress, and adds
   * dead letters (one with the position of another replaces it). Null: it is not `from` any more, or the endpoint is gone.
   */
  save(endpointId: string, save: SavedProgress): Promise<WebhookLease | null>;
  /** Dead letters at positions above `after`, in order. `replayed`: only those that are to be sent again. */
  deadLetters(
    endpointId: string,
    page: { after: number; limit: number; replayed?: boolean },
  ): Promise<WebhookDeadLetter[]>;
  /** Has dead letters sent again: all, or those at the given positions. Returns how many were not to be sent yet. */
  replay(endpointId: string, positions: readonly number[] | 'all'): Promise<number>;
  /** Removes at most `limit` dead letters with `at` below `olderThan` (Unix ms). Returns how many. */
  trimDeadLetters(olderThan: number, limit: number): Promise<number>;
}

export interface SavedProgress {
  from: WebhookLease;
  /** Empty: the lease is given back. */
  owner: string;
  /** Absent: stays as it is. */
  progress?: WebhookProgress;
  /** Sorted by position. */
  deadLetters?: readonly WebhookDeadLetter[];
  /** Positions of dead letters that were delivered. */
  delivered?: readonly number[];
  /** The dead letters of one endpoint; beyond, the oldest are dropped. */
  maxDeadLetters: number;
}
