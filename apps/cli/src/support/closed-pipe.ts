let goesOn = false;

/**
 * Ends the process without a word when whoever read its output has gone (`… | head`), as other programs of a shell end.
 * Called once, before anything is written.
 */
export function endWhenUnread(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (!goesOn) process.exit();
    });
  }
}

/** From now on the process goes on where nobody reads: a server, or a change that should not stop half-way. */
export function goOnUnread(): void {
  goesOn = true;
}
