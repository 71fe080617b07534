import { readFile } from 'node:fs/promises';
import { type Erasure, ImError, isUserId, SYSTEM_USER, type UserId } from '@chasqui/domain';

export type AskedErasure = Pick<Erasure, 'userId' | 'erasesMessages'>;

/** Errors: `invalid_request`. */
export async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ImError('invalid_request', `${file} cannot be read`, {}, error);
  }
}

/** Errors: `invalid_request`, which names the line; nothing is asked for then. */
export function erasuresIn(text: string): AskedErasure[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      const { userId, erasesMessages } = JSON.parse(line) as Partial<Erasure>;
      return [{ userId: userIdOf(String(userId)), erasesMessages: erasesMessages === true }];
    } catch (error) {
      throw new ImError('invalid_request', `line ${index + 1} is not one of chasqui erasures list --json`, {}, error);
    }
  });
}

/** Errors: `invalid_request`. */
export function userIdOf(text: string): UserId {
  if (isUserId(text) && text !== SYSTEM_USER) return text;
  throw new ImError('invalid_request', `${text} is no id of a user`);
}

/** An erasure, for people. */
export function lineOf({ userId, erasesMessages, askedBy, requestedAt, doneAt }: Erasure): string {
  const time = (at: number) => new Date(at).toISOString().slice(0, 16);
  const state = doneAt > 0 ? `done ${time(doneAt)}` : 'running';
  const what = erasesMessages ? 'with messages' : 'messages kept';
  return [userId, what, `asked for ${time(requestedAt)} by ${askedBy}`, state].join('  ');
}
