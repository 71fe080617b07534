import { ImError } from '@chasqui/domain';

/** What the broker, or Node's TLS, says of faults that an operator must mend, and how. */
const FAULTS: readonly { says: RegExp; fix: string }[] = [
  {
    says: /Login was refused|ACCESS_REFUSED - Login/,
    fix: 'set user and password in CHASQUI_RABBITMQ_URL, CHASQUI_RABBITMQ_USER and CHASQUI_RABBITMQ_PASSWORD_FILE',
  },
  {
    says: /Expected ConnectionOpenOk|NOT_ALLOWED - vhost|NOT_ALLOWED - access to vhost/,
    fix:
      'the virtual host in CHASQUI_RABBITMQ_URL does not exist or is closed to this user: ' +
      'rabbitmqctl add_vhost, rabbitmqctl set_permissions',
  },
  {
    says: /ACCESS_REFUSED/,
    fix: 'grant the user the right to configure, write and read all names with the prefix: rabbitmqctl set_permissions',
  },
  { says: /feature flag/, fix: 'run on the broker: rabbitmqctl enable_feature_flag all' },
  { says: /NOT_FOUND - no /, fix: 'run: npx chasqui setup' },
  {
    says: /PRECONDITION_FAILED - inequivalent arg/,
    fix: 'something else uses this name: set another CHASQUI_RABBITMQ_PREFIX, or delete it',
  },
  {
    says: /self.signed certificate|unable to (?:verify|get)|certificate has expired|altnames/i,
    fix: 'set CHASQUI_RABBITMQ_TLS_CA to the authority that signed the certificate of the broker',
  },
  { says: /Expected ConnectionStart|wrong version number/, fix: 'check scheme and port of CHASQUI_RABBITMQ_URL' },
];

/** What the system says when no broker answers at an address. */
const UNREACHED = /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT/;

/** The project's error for one of the driver: `config_invalid` with what to do, else `bus_unavailable`. */
export function brokerError(error: unknown, doing: string): ImError {
  if (error instanceof ImError) return error;
  const text = error instanceof Error ? error.message || error.name : String(error);
  // Node gathers the errors of several addresses of one host.
  const said = error instanceof AggregateError ? error.errors.map((one: Error) => one.message).join('; ') : text;
  const fault = FAULTS.find(({ says }) => says.test(said));
  if (fault === undefined) {
    const ask = UNREACHED.test(said) ? ': is it running, and is CHASQUI_RABBITMQ_URL right?' : '';
    return new ImError('bus_unavailable', `RabbitMQ: ${doing}: ${said}${ask}`, {}, error);
  }
  return new ImError('config_invalid', `RabbitMQ: ${doing}: ${said}: ${fault.fix}`, {}, error);
}
