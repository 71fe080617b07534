import { createProgram } from './program.ts';
import { run } from './support/run.ts';

await run(async () => {
  await createProgram(process.env).parseAsync();
})();
