import { createProgram } from './program.ts';
import { endWhenUnread, run } from './support/run.ts';

endWhenUnread();
await run(async () => {
  const program = await createProgram(process.env, process.argv.slice(2));
  await program.parseAsync();
})();
