/** Monotonic µs. */
export function nowUs(): number {
  return performance.now() * 1_000;
}
