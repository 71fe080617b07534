import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const { CHECKOUT = join(here, '../../..'), DATA = join(here, '.data'), CHAT_PORT = '4400' } = process.env;

/**
 * Starts Chasqui on this machine, and resolves once it takes connections. In production it runs by itself, and both
 * get the secret from your secret store.
 */
export async function startChasqui() {
  const secret = keptSecret();
  const options = ['up', '--nodes', '1', '--port', CHAT_PORT, '--data', join(DATA, 'chasqui')];
  const chasqui = spawn(process.execPath, [join(CHECKOUT, 'apps/cli/bin/chasqui.mjs'), ...options], {
    // What it prints at its start is for servers whose users it has itself; its log and errors are shown.
    stdio: ['inherit', 'pipe', 'inherit'],
    env: {
      ...process.env,
      // Your back end knows the users: nobody can register at Chasqui, and tokens must say who made them, and for whom.
      CHASQUI_REGISTRATION: 'off',
      CHASQUI_JWT_SECRET: secret,
      CHASQUI_JWT_ISSUER: 'shop',
      CHASQUI_JWT_AUDIENCE: 'chat',
      // Webhooks may go to a bot on this machine, without TLS.
      CHASQUI_HOOKS_HTTP: 'on',
      CHASQUI_HOOKS_PRIVATE: 'on',
    },
  });
  let isRunning = false;
  chasqui.once('exit', (code) => {
    if (!isRunning) console.error('Chasqui did not start. With other ports: CHAT_PORT=5400 npm start');
    process.exit(code ?? 1);
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => chasqui.kill('SIGTERM'));
  // It prints when it runs, and not before.
  await once(chasqui.stdout, 'data');
  isRunning = true;
  chasqui.stdout.resume();
  return { secret, nodesUrl: `http://127.0.0.1:${CHAT_PORT}/api/nodes` };
}

/** Made at the first start, readable by its owner alone. */
function keptSecret() {
  const file = join(DATA, 'jwt-secret');
  if (!existsSync(file)) {
    mkdirSync(DATA, { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8');
}
