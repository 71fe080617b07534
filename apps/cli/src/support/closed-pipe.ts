let goesOn = false;

/**
 * Ends the process silently when the reader of its output has gone (`… | head`), as shell programs do. Called once,
 * before anything is written.
 */
export function endWhenUnread(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (!goesOn) process.exit();
    });
  }
}

/** From now on the process continues without a reader: a server, or a change that should not stop half-way. */
export function goOnUnread(): void {
  goesOn = true;
}
