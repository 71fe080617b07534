/**
 * Node's flags for an app that is a process of its own, whoever starts it: these processes, the scripts of package.json
 * and the images (docs/adr/0047-flags-of-processes.md).
 */
export const NODE_FLAGS: readonly string[] = ['--single-threaded-gc'];
