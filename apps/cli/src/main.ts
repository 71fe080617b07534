import { createProgram } from './program.ts';
import { endWhenUnread, run } from './support/run.ts';

endWhenUnread();
await run(async () => {
  await createProgram(process.env).parseAsync();
})();
