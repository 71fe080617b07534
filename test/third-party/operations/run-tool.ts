import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a program to its end. Errors: with all that it printed; without the program, how to install it. */
export async function runTool(install: string, program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { timeout: 60_000 });
    return stdout + stderr;
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code === 'ENOENT') throw new Error(`there is no ${program}: ${install}`);
    throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`, { cause: error });
  }
}
