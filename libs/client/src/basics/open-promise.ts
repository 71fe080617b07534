/** A promise, and what settles it. */
export interface OpenPromise<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
}

/** `Promise.withResolvers`, which Node 20 and older browsers lack. */
export function withResolvers<T>(): OpenPromise<T> {
  const made = {} as OpenPromise<T>;
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
