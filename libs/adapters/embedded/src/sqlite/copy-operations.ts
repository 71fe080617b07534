/** How far a copy has come. */
export type CopyState = { type: 'running' } | { type: 'done' } | { type: 'failed'; reason: string };

/** Copies an engine's file while it is in use. Asked for and looked at in two calls, as it may take longer than one may. */
export type CopyOperations = {
  /** Begins a copy at the path; what is committed meanwhile is in it too. */
  'copy.start'(path: string): null;
  /** Of the copy that was begun last. */
  'copy.state'(args: null): CopyState;
};
