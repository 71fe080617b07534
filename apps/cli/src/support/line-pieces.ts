/** A piece ends with the last line that is whole when it has this many bytes. */
const PIECE_BYTES = 2 * 1024 * 1024;
const NEW_LINE = 0x0a;

/** A text in pieces of whole lines, without the first `skip` lines. */
export async function* piecesOf(
  source: AsyncIterable<Buffer>,
  skip: number,
  pieceBytes = PIECE_BYTES,
): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    let rest = chunk;
    while (skip > 0) {
      const end = rest.indexOf(NEW_LINE);
      if (end !== -1) skip--;
      rest = rest.subarray(end === -1 ? rest.length : end + 1);
      if (rest.length === 0) break;
    }
    const end = bytes + rest.length < pieceBytes ? -1 : rest.lastIndexOf(NEW_LINE);
    if (end !== -1) {
      yield Buffer.concat([...parts, rest.subarray(0, end + 1)]);
      rest = rest.subarray(end + 1);
      parts = [];
      bytes = 0;
    }
    parts.push(rest);
    bytes += rest.length;
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

/** The rest of a piece behind its first lines. */
export function behindLines(piece: Buffer, lines: number): Buffer {
  let start = 0;
  for (let line = 0; line < lines && start < piece.length; line++) {
    const end = piece.indexOf(NEW_LINE, start);
    start = end === -1 ? piece.length : end + 1;
  }
  return piece.subarray(start);
}
