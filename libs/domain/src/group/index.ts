export * from './group.ts';
export * from './group-change.ts';
export * from './visibility.ts';
