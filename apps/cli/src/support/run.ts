import { ImError } from '@chasqui/domain';

/** Wraps a command so that a failure is one clear line on standard error and exit code 1. */
export function run<Args extends unknown[]>(
  action: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args);
    } catch (error) {
      const { code, message } = ImError.from(error);
      process.stderr.write(`chasqui: ${message} (${code})\n`);
      process.exitCode = 1;
    }
  };
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
