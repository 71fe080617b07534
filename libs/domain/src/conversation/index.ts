export * from './audience.ts';
export * from './conversation-id.ts';
export * from './conversation-state.ts';
export * from './direct-conversation.ts';
export * from './marks.ts';
export * from './membership.ts';
export * from './system-user.ts';
