import type { ProcessCluster } from '../cluster/process-cluster.ts';

/** Something that goes wrong with running processes and, by itself, ends again. */
export interface Trouble {
  /** For people, with where it was first reported, if it was. */
  name: string;
  run(cluster: ProcessCluster, pick: (names: readonly string[]) => string): Promise<string>;
}
