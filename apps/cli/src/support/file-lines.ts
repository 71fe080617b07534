import { ImError } from '@chasqui/domain';

/** A line of an import or an export that tells of a file. */
export interface FileLine {
  /** In its file, from 1. */
  number: number;
  id: string;
  owner: string;
  name?: string;
  mediaType?: string;
  media?: object;
  url?: string;
  path?: string;
}

const NEW_LINE = 0x0a;
const START = Buffer.from('{');

/** The lines of files in a piece of whole lines; `from`: the number of its first line. What is no JSON is the server's to refuse. */
export function fileLinesIn(piece: Buffer, from: number): FileLine[] {
  const found: FileLine[] = [];
  let number = from;
  for (let start = 0; start < piece.length; number++) {
    const end = piece.indexOf(NEW_LINE, start);
    const line = piece.subarray(start, end === -1 ? piece.length : end);
    start = end === -1 ? piece.length : end + 1;
    if (!line.subarray(0, 1).equals(START) || !line.includes('"file"')) continue;
    const value = parsed(line);
    if (value?.type === 'file' && /^[0-9a-f]{32}$/.test(String(value.id))) found.push({ ...value, number });
  }
  return found;
}

function parsed(line: Buffer): (FileLine & { type: string }) | undefined {
  try {
    return JSON.parse(line.toString());
  } catch {
    return undefined;
  }
}

/** The name of a file's bytes beside the lines: `path` below the folder, else its id. Errors: `invalid_request` if it is not below. */
export function pathBelow({ id, path = id }: FileLine): string[] {
  const steps = path.split(/[/\\]/);
  const isBelow = !/^(?:[/\\]|[A-Za-z]:)/.test(path) && !path.includes('\0') && !steps.includes('..');
  if (isBelow) return steps;
  throw new ImError('invalid_request', 'path must be below the folder of --files', { field: 'path' });
}
