import type { ProcessCluster } from '../cluster/process-cluster.ts';

/** A fault of running processes that ends by itself. */
export interface Trouble {
  /** Human-readable, with where it was first reported, if it was. */
  name: string;
  /** All soft state is lost, or was away for longer than a lease: nodes cannot be told of removals for a while. */
  forgets?: true;
  /** `later`: for what ends with the run, after it was judged. */
  run(
    cluster: ProcessCluster,
    pick: (names: readonly string[]) => string,
    later: AsyncDisposableStack,
  ): Promise<string>;
}
