/**
 * These pieces, with `release` called once they are read, not read on, or have failed; also if their reader leaves before
 * the first one: the `finally` of a generator that was never begun does not run. Read once; `release` may run twice.
 */
export function released(pieces: AsyncIterable<Uint8Array>, release: () => Promise<void>): AsyncIterable<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]();
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    await release();
    return { done: true, value: undefined };
  };
  const iterator: AsyncIterator<Uint8Array, undefined> = {
    async next() {
      try {
        const piece = await source.next();
        return piece.done ? await end() : piece;
      } catch (error) {
        await end();
        throw error;
      }
    },
    async return() {
      // Before the source, whose pending read may wait for it.
      const last = await end();
      await source.return?.();
      return last;
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
