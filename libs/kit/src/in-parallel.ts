/**
 * Runs the work for every item, started in order, at most `atOnce` in parallel. After a failure no further work starts;
 * running work is awaited, and the first failure is thrown.
 */
export async function inParallel<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  let failure: { error: unknown } | undefined;
  const goOn = async (): Promise<void> => {
    for (let next = rest.next(); !next.done && failure === undefined; next = rest.next()) {
      await work(next.value).catch((error) => {
        failure ??= { error };
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, goOn));
  if (failure !== undefined) throw failure.error;
}
