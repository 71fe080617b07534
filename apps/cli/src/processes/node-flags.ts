/** Bounds the young generation, which V8 otherwise lets grow with the memory of the machine. */
const BOUNDED = ['--max-semi-space-size=32'];
/** No helpers for collecting garbage. */
const ALONE = ['--single-threaded-gc', ...BOUNDED];

/**
 * Node's flags for each app that is a process of its own, whoever starts it: these processes, the scripts of
 * package.json and the images (docs/adr/0047-flags-of-processes.md). Consumers of the bus hold few objects; those that
 * serve people may hold many, so a full collection needs helpers.
 */
export const NODE_FLAGS: { readonly [app: string]: readonly string[] } = {
  business: ALONE,
  datasync: ALONE,
  push: ALONE,
  hooks: ALONE,
  connect: BOUNDED,
  api: BOUNDED,
};
