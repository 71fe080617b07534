import { ImError } from './errors.ts';

/** What a move writes down in both stores. While one has a note, no app starts on it, unless it is draining. */
export interface MoveNote {
  /** The same in both. */
  id: string;
  /** Whether this store's data are copied from it or to it. */
  side: 'from' | 'to';
  /**
   * `draining`: only in the source, whose apps finish what waits and take no changes. `done`: everything was copied and
   * compared; the destination then loses its note.
   */
  state: 'draining' | 'copying' | 'done';
  /** What the operator called the other installation, at most 120 characters. */
  other: string;
}

const MOST = 120;

/** A name as `other` has it. */
export function nameInNote(name: string): string {
  return name.slice(-MOST);
}

/** At most 255 characters. */
export function encodeMoveNote({ id, side, state, other }: MoveNote): string {
  return [id, side, state, nameInNote(other)].join(' ');
}

export function decodeMoveNote(text: string): MoveNote {
  const [id = '', side, state, ...other] = text.split(' ');
  return { id, side, state, other: other.join(' ') } as MoveNote;
}

/** Errors: `config_invalid` if no app may start on a store with this note, with the reason. */
export function refuseMoved(text: string): void {
  const { side, state, other } = decodeMoveNote(text);
  if (state === 'draining') return;
  if (side === 'to') {
    const hint = `repeat the command, or empty this installation`;
    throw new ImError('config_invalid', `chasqui move has not finished copying ${other} to here: ${hint}`);
  }
  const what = state === 'done' ? `this installation was moved to ${other}` : `this installation is moved to ${other}`;
  throw new ImError('config_invalid', `${what}; to use it again: chasqui move --from <it> --abort`);
}
