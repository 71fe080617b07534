import { expect, test } from 'vitest';
import { ConfigReader, type Environment } from './config-reader.ts';
import { readEngineAddress, readEngineListen } from './engine-address-config.ts';

function read(env: Environment) {
  const reader = new ConfigReader(env);
  return reader.finish({ address: readEngineAddress(reader), listen: readEngineListen(reader) });
}

test('the addresses of the engines are host and port, or absent', () => {
  expect(read({})).toEqual({ address: undefined, listen: undefined });
  expect(read({ CHASQUI_ENGINE_ADDRESS: 'engine:4605', CHASQUI_ENGINE_LISTEN: '[::1]:0' })).toEqual({
    address: { host: 'engine', port: 4605 },
    listen: { host: '::1', port: 0 },
  });
});

test.each(['engine', ':4605', 'engine:0', 'engine:70000', 'http://engine:4605'])('%s is no address', (text) => {
  expect(() => read({ CHASQUI_ENGINE_ADDRESS: text })).toThrow('CHASQUI_ENGINE_ADDRESS must be host:port');
});

test('C15: the engines are opened to a network only with a secret', () => {
  const listen = { CHASQUI_ENGINE_LISTEN: '0.0.0.0:4605' };
  expect(() => read(listen)).toThrow('CHASQUI_ENGINE_LISTEN opens the engines to a network: set CHASQUI_PEER_SECRET');
  expect(read({ ...listen, CHASQUI_PEER_SECRET: 'x'.repeat(16) }).listen).toEqual({ host: '0.0.0.0', port: 4605 });
});
