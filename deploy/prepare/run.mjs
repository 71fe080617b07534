import { spawn } from 'node:child_process';

/**
 * Runs a program until it ends; its output goes to standard error, because standard output belongs to the main script.
 * Reports every 10 s that it is still running. Errors: when it cannot be started or its exit code is not 0.
 */
export function run(command, args, { cwd, doing }) {
  return new Promise((resolve, reject) => {
    const startedAt = Date.now();
    const seconds = () => Math.round((Date.now() - startedAt) / 1000);
    const child = spawn(command, args, { cwd, stdio: ['ignore', 2, 2] });
    const report = setInterval(() => console.error(`chasqui: ${doing}, ${seconds()} s`), 10_000);
    child.once('error', (error) => {
      clearInterval(report);
      reject(new Error(`${doing} failed: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      clearInterval(report);
      if (code === 0) {
        console.error(`chasqui: ${doing} took ${seconds()} s`);
        resolve();
      } else reject(new Error(`${doing} failed (${signal ?? `exit code ${code}`})`));
    });
  });
}
