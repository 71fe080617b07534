import { randomBytes } from 'node:crypto';

/** An id that nobody can guess. It begins with no `-`, which would make it an option on a command line. */
export function newLinkId(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, '_');
}
