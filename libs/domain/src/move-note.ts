import { ImError } from './errors.ts';

/** What a move writes down in both stores. While one has a note, no app starts on it. */
export interface MoveNote {
  /** The same in both. */
  id: string;
  /** Whether this store's data are copied from it or to it. */
  side: 'from' | 'to';
  /** `done`: everything was copied and compared. The destination then loses its note. */
  state: 'copying' | 'done';
  /** What the operator called the other installation, at most 120 characters. */
  other: string;
}

const MOST = 120;

/** At most 255 characters. */
export function encodeMoveNote({ id, side, state, other }: MoveNote): string {
  return [id, side, state, other.slice(-MOST)].join(' ');
}

export function decodeMoveNote(text: string): MoveNote {
  const [id = '', side, state, ...other] = text.split(' ');
  return { id, side, state, other: other.join(' ') } as MoveNote;
}

/** Why an app does not start on a store with this note. Errors: always `config_invalid`. */
export function refuseMoved(text: string): never {
  const { side, state, other } = decodeMoveNote(text);
  if (side === 'to') {
    const hint = `repeat the command, or empty this installation`;
    throw new ImError('config_invalid', `chasqui move has not finished copying ${other} to here: ${hint}`);
  }
  const what = state === 'done' ? `this installation was moved to ${other}` : `this installation is moved to ${other}`;
  throw new ImError('config_invalid', `${what}; to use it again here: chasqui move --abort`);
}
