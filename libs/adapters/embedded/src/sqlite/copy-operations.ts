/** How far a copy has come. */
export type CopyState = { type: 'running' } | { type: 'done' } | { type: 'failed'; reason: string };

/**
 * Copies an engine's file while it is in use. Started and polled by separate calls, as a copy may outlast a call's
 * timeout.
 */
export type CopyOperations = {
  /** Starts a copy to the path; commits made meanwhile are in it too. */
  'copy.start'(path: string): null;
  /** The state of the copy that was started last. */
  'copy.state'(args: null): CopyState;
};
