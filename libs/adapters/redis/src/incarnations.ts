import { BoundedMap } from '@chasqui/domain';

/** Nodes remembered (C16): a process renews its own, a few at most. */
const MAX_NODES = 1_000;

/**
 * In which incarnation the nodes of this process are: a node whose lease had ended begins a new one with its next
 * renewal, and what it registers then is told apart from what its recovery removes.
 */
export class Incarnations {
  readonly #nodes = new BoundedMap<string, string>(MAX_NODES);

  /** Empty before the node's first renewal. */
  of(nodeId: string): string {
    return this.#nodes.get(nodeId) ?? '';
  }

  set(nodeId: string, incarnation: string): void {
    this.#nodes.set(nodeId, incarnation);
  }

  delete(nodeId: string): void {
    this.#nodes.delete(nodeId);
  }
}
