/**
 * Java's quick compiler alone: an engine is ready with a quarter to a third less work, which is most of what a process does
 * that tests kill again and again. For measuring, `CHASQUI_ENGINES_COMPILER=full` takes both: after some minutes under
 * load HBase then needs a third less for a message.
 */
export const compilerFlags = (): string[] =>
  process.env.CHASQUI_ENGINES_COMPILER === 'full' ? [] : ['-XX:TieredStopAtLevel=1'];
