/** The operations of one engine by name: one argument (structured-cloneable, best flat), one result. */
export type Operations = { [name: string]: (args: never) => unknown };

/**
 * A link to an engine in another thread or process. Calls made in one turn travel together and keep their order.
 * Rejects with an `ImError`: the engine's own, or the engine's documented "unavailable" when it cannot be reached, does
 * not answer in time, or too many calls are in flight.
 */
export interface Caller<Ops extends Operations> {
  call<K extends keyof Ops & string>(op: K, args: Parameters<Ops[K]>[0]): Promise<ReturnType<Ops[K]>>;
}

/** What an engine implements: each operation, given the time (Unix ms) at which the caller's side sent it. */
export type Handlers<Ops extends Operations> = {
  [K in keyof Ops]: (args: Parameters<Ops[K]>[0], now: number) => ReturnType<Ops[K]>;
};
