import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const lifecycle = new URL('./lifecycle.ts', import.meta.url).href;
const domain = import.meta.resolve('@chasqui/domain');

/** A process whose app fails at the given moment. */
async function failing(when: 'starting' | 'running') {
  const program = `
    const { failApp, runUntilSignal } = await import(${JSON.stringify(lifecycle)});
    const { ImError } = await import(${JSON.stringify(domain)});
    const fail = () => failApp(new ImError('config_invalid', 'the engine is too old'));
    const logger = { error() {}, info() {}, debug() {}, warn() {} };
    fail();
    await runUntilSignal({
      logger,
      async start() {
        const busy = setInterval(() => {}, 1000);
        ${when === 'starting' ? 'fail(); await null;' : 'setTimeout(fail, 10);'}
        return { async [Symbol.asyncDispose]() {
          clearInterval(busy);
          console.log('finished');
        } };
      },
    });
    fail();
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (piece) => (said.out += piece));
  child.stderr.on('data', (piece) => (said.err += piece));
  const [code] = await once(child, 'close');
  return { code, ...said };
}

test.each(['starting', 'running'] as const)(
  'C14: an app that fails while %s finishes its work and says why in one line',
  async (when) => {
    expect(await failing(when)).toEqual({
      code: 1,
      out: 'finished\n',
      err: 'chasqui: the engine is too old (config_invalid)\n',
    });
  },
);
