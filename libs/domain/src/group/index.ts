export * from './change-state.ts';
export * from './decide-change.ts';
export * from './former-sender.ts';
export * from './group.ts';
export * from './group-change.ts';
export * from './member-names.ts';
export * from './system-member.ts';
export * from './visibility.ts';
