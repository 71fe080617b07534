import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const {
  CHECKOUT = join(here, '../../..'),
  DATA = join(here, '../back-end/.data/chasqui'),
  PORT = '4510',
} = process.env;

/** Runs a command of Chasqui on its data, and returns the lines that it prints. */
function chasqui(...args) {
  const command = [join(CHECKOUT, 'apps/cli/bin/chasqui.mjs'), ...args, '--data', DATA];
  const env = { ...process.env, CHASQUI_HOOKS_HTTP: 'on', CHASQUI_HOOKS_PRIVATE: 'on' };
  return execFileSync(process.execPath, command, { env, encoding: 'utf8' }).trim().split('\n');
}

if (!existsSync(join(here, '.data/bot.env'))) {
  const [key] = chasqui('keys', 'create', 'bot', '--scopes', 'messages:send', 'users:write', 'groups:write');
  const [, secret] = chasqui('hooks', 'create', `http://127.0.0.1:${PORT}/hook`, '--types', 'message.stored');
  mkdirSync(join(here, '.data'), { recursive: true, mode: 0o700 });
  writeFileSync(join(here, '.data/bot.env'), `API_KEY=${key}\nHOOK_SECRET=${secret}\n`, { mode: 0o600 });
}
