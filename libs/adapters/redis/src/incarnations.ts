import { BoundedMap } from '@chasqui/domain';

/** Maximum nodes remembered (C16): a process renews only its own, a few at most. */
const MAX_NODES = 1_000;

/**
 * The current incarnations of this process's nodes. A node whose lease has ended starts a new incarnation with its next
 * renewal, so that its new registrations differ from those that its recovery removes.
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
