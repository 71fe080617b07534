/** Passes the pieces on, and tells of the bytes of each. */
export async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  told: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    told(piece.length);
    yield piece;
  }
}
