export * from './open-telemetry.ts';
