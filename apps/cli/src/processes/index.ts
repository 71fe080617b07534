export { type PortUse, portsFrom, processesOf } from './cluster-process.ts';
export { ClusterProcesses } from './cluster-processes.ts';
export { NODE_FLAGS } from './node-flags.ts';
