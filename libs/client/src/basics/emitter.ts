import { ImError } from '@chasqui/domain';

type Handler<T> = (event: T) => void;

/**
 * Typed events. A handler that throws does not affect the client or other handlers: its error goes to the `error`
 * handlers or, without any, to the process as an uncaught error.
 */
export class Emitter<Events extends { error: ImError }> {
  readonly #handlers: { [K in keyof Events]?: Set<Handler<Events[K]>> } = {};

  /** Returns the function that removes the handler. */
  on<K extends keyof Events>(event: K, handler: Handler<Events[K]>): () => void {
    const handlers = this.#handlers[event] ?? new Set();
    this.#handlers[event] = handlers;
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  emit<K extends keyof Events>(event: K, payload: Events[K]): void {
    for (const handler of this.#handlers[event] ?? []) {
      try {
        handler(payload);
      } catch (error) {
        if (event !== 'error' && this.#handlers.error?.size) this.emit('error', ImError.from(error) as Events['error']);
        else
          queueMicrotask(() => {
            throw error;
          });
      }
    }
  }
}
