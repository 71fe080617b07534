import { ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { brokerError } from './broker-error.ts';

test.each([
  [
    '403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN"',
    /PASSWORD_FILE/,
  ],
  ['Expected ConnectionOpenOk; got <ConnectionClose channel:0>', /add_vhost/],
  [
    `403 (ACCESS_REFUSED) with message "ACCESS_REFUSED - access to queue 'a' in vhost '/' refused for user 'x'"`,
    /set_permissions/,
  ],
  [`404 (NOT-FOUND) with message "NOT_FOUND - no queue 'a' in vhost '/'"`, /npx chasqui setup/],
  ['PRECONDITION_FAILED - feature flag `stream_queue` is not enabled', /enable_feature_flag all/],
  [`PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'a'`, /RABBITMQ_PREFIX/],
  ['self-signed certificate in certificate chain', /RABBITMQ_TLS_CA/],
])('what an operator must mend ends a start, and says how: %s', (said, fix) => {
  const error = brokerError(new Error(said), 'connecting');
  expect(error.code).toBe('config_invalid');
  expect(error.message).toMatch(fix);
});

test.each([
  'connect ECONNREFUSED 127.0.0.1:5672',
  'Heartbeat timeout',
  `NOT_FOUND - home node 'a@b' of durable queue 'c' in vhost '/' is down or inaccessible`,
])('what passes is waited for: %s', (said) => {
  expect(brokerError(new Error(said), 'connecting').code).toBe('bus_unavailable');
});

test('where no broker answers, the setting of the address is named', () => {
  const away = brokerError(new Error('connect ECONNREFUSED 127.0.0.1:1'), 'connecting to 127.0.0.1:1');
  expect(away.message).toMatch(/127\.0\.0\.1:1: is it running, and is CHASQUI_RABBITMQ_URL right\?$/);
  expect(brokerError(new Error('Heartbeat timeout'), 'x').message).not.toContain('CHASQUI_RABBITMQ_URL');
});

test('an error of the project stays what it is; of several addresses each is told', () => {
  const own = new ImError('overloaded', 'x');
  expect(brokerError(own, 'y')).toBe(own);
  const both = new AggregateError([new Error('refused ::1'), new Error('refused 127.0.0.1')]);
  expect(brokerError(both, 'connecting').message).toMatch(/refused ::1; refused 127/);
});
