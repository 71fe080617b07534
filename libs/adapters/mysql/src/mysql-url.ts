/** The address of a database and its login. */
export interface MysqlAddress {
  host: string;
  port: number;
  user: string;
  /** Never logged, never part of an error text. */
  password: string;
  database: string;
}

const FORM = 'must be mysql://USER:PASSWORD@HOST:PORT/DATABASE';

/** Special characters in user and password are percent-encoded. Errors: name the fault without repeating the URL. */
export function parseMysqlUrl(text: string): MysqlAddress {
  const url = URL.parse(text);
  if (url === null || !['mysql:', 'mariadb:'].includes(url.protocol)) throw new Error(FORM);
  const [user, password] = [decode(url.username), decode(url.password)];
  const database = decode(url.pathname.slice(1));
  if (url.hostname === '' || user === '' || database === '' || database.includes('/')) throw new Error(FORM);
  if (url.search !== '' || url.hash !== '') throw new Error(`${FORM}, without anything after it`);
  // Only URLs put an IPv6 address in brackets.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: url.port === '' ? 3306 : Number(url.port), user, password, database };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error(`${FORM}, with % followed by two hexadecimal digits`);
  }
}
