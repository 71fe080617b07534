import type { GatewayFactory } from '@chasqui/ports';
import { describe } from 'vitest';
import { backlogTests } from './gateway-backlog.ts';
import { brokenTests } from './gateway-broken.ts';
import { closeTests } from './gateway-close.ts';
import { gatewayFixture } from './gateway-fixture.ts';
import { frameTests } from './gateway-frames.ts';
import { headerTests } from './gateway-headers.ts';
import { httpTests } from './gateway-http.ts';
import { listenTests } from './gateway-listen.ts';

/** Everything that `Gateway` promises, against real sockets of this machine. */
export function gatewayContract(name: string, factory: GatewayFactory): void {
  describe(`Gateway: ${name}`, { timeout: 20_000 }, () => {
    const fixture = gatewayFixture(factory);
    describe('frames', () => frameTests(fixture));
    describe('closing', () => closeTests(fixture));
    describe('broken sockets', () => brokenTests(fixture));
    describe('backlog', () => backlogTests(fixture));
    describe('HTTP', () => httpTests(fixture));
    describe('headers', () => headerTests(fixture));
    describe('listening', () => listenTests(fixture));
  });
}
