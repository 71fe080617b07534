import { createProgram } from './program.ts';
import { endWhenUnread } from './support/closed-pipe.ts';
import { run } from './support/run.ts';

endWhenUnread();
await run(async () => {
  await createProgram(process.env).parseAsync();
})();
