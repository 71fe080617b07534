import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@chasqui/kit';
import { gatewayContract } from '@chasqui/ports/contracts';
import { createUwsGateway } from './uws-gateway.ts';
import { loadUws } from './uws-loader.ts';

const cacheDir = await mkdtemp(join(tmpdir(), 'chasqui-gateway-'));
gatewayContract('uWebSockets.js', createUwsGateway(await loadUws({ logger: silentLogger, cacheDir })));
