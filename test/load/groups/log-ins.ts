import { setTimeout as pause } from 'node:timers/promises';
import { type OwnProcess, startWithLimits } from '../servers.ts';
import { createGroup, makeContacts, memberName } from './group-api.ts';
import { type Arrivals, GroupUser } from './group-user.ts';

/** CPU µs of a log-in, with everything that the server does because of it. */
export interface LogInCost {
  /** Of a user without groups. */
  none: number;
  /** Of a user of `GROUPS` groups without news. */
  quiet: number;
  /** Of the same user with a new device, which gets the first page of its groups. */
  fresh: number;
}

export const GROUPS = 1_000;
/** Users who make groups, each at most two a second after the first hundred. */
const OWNERS = 20;
const LOG_INS = 100;
const WARM_UPS = 50;
const SETTLE_MS = 1_000;
const NOBODY: Arrivals = { chat() {}, queued() {}, stored() {}, refused() {}, other() {} };

export async function measureLogIns(): Promise<LogInCost> {
  await using server = await startWithLimits({});
  const owners = Array.from({ length: OWNERS }, async (_, owner) => {
    await makeContacts(server, memberName(owner), 'many');
    for (let n = owner; n < GROUPS; n += OWNERS) await createGroup(server, `small-${n}`, [memberName(owner), 'many']);
  });
  await Promise.all(owners);
  await pause(SETTLE_MS);
  return {
    none: await costOf(server, 'none', () => Date.now()),
    quiet: await costOf(server, 'many', () => Date.now()),
    fresh: await costOf(server, 'many', () => 0),
  };
}

async function costOf(server: OwnProcess, userId: string, since: () => number): Promise<number> {
  const { nodes, token } = server.target;
  const logIn = async (n: number) => {
    const at = { url: nodes[n % nodes.length] ?? '', token: await token(userId), userId, groupsSince: since() };
    const user = await GroupUser.open(at, NOBODY);
    user.close();
  };
  for (let n = 0; n < WARM_UPS; n++) await logIn(n);
  await pause(SETTLE_MS);
  const before = server.process.use().cpuUs;
  for (let n = 0; n < LOG_INS; n++) await logIn(n);
  await pause(SETTLE_MS);
  return (server.process.use().cpuUs - before) / LOG_INS;
}
