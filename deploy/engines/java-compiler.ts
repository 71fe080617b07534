/**
 * Java's quick compiler alone: an engine starts with a quarter to a third less work, which dominates in tests that
 * kill engines repeatedly. For measurements, `CHASQUI_ENGINES_COMPILER=full` selects both compilers: after some minutes
 * under load HBase then needs a third less CPU for a message.
 */
export const compilerFlags = (): string[] =>
  process.env.CHASQUI_ENGINES_COMPILER === 'full' ? [] : ['-XX:TieredStopAtLevel=1'];
