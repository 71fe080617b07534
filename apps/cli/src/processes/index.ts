export { MemberProcesses } from './member-processes.ts';
export { membersOf, type PortUse, portsFrom } from './members.ts';
