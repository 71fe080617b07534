/** An engine whose ping resolves if it can take work now. */
interface Pingable {
  ping(): Promise<void>;
}

/** The names of the engines that do not answer a ping. Pings have the adapters' own deadlines. */
export async function notReadyEngines(engines: { readonly [name: string]: Pingable }): Promise<string[]> {
  const answers = await Promise.all(
    Object.entries(engines).map(([name, engine]) =>
      engine.ping().then(
        () => [],
        () => [name],
      ),
    ),
  );
  return answers.flat();
}
