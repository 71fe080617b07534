import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayContract } from '@chasqui/contracts';
import { silentLogger } from '@chasqui/kit';
import { afterAll } from 'vitest';
import { createUwsGateway } from './uws-gateway.ts';
import { loadUws } from './uws-loader.ts';

const cacheDir = await mkdtemp(join(tmpdir(), 'chasqui-gateway-'));
afterAll(() => rm(cacheDir, { recursive: true }));
gatewayContract('uWebSockets.js', createUwsGateway(await loadUws({ logger: silentLogger, cacheDir })));
