/**
 * Opens parts that depend on each other: `build` pushes each part onto the stack as soon as it is open. They are closed
 * in reverse order when the result is disposed, or at once if `build` fails.
 */
export async function assemble<T extends object>(
  build: (stack: AsyncDisposableStack) => Promise<T>,
): Promise<T & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const parts = await build(stack);
  const owned = stack.move();
  return { ...parts, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
