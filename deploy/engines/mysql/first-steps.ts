const NAME = 'chasqui';
/** May read, and nothing else. */
const READER = 'chasqui_reader';

/** Run at every start. Databases whose names begin with `chasqui_` are for tests. */
export const FIRST_STEPS = `${[
  `CREATE DATABASE IF NOT EXISTS ${NAME} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;`,
  `CREATE USER IF NOT EXISTS ${NAME}@'127.0.0.1' IDENTIFIED BY '${NAME}';`,
  `GRANT ALL PRIVILEGES ON ${NAME}.* TO ${NAME}@'127.0.0.1';`,
  `GRANT ALL PRIVILEGES ON \`${NAME}\\_%\`.* TO ${NAME}@'127.0.0.1';`,
  `CREATE USER IF NOT EXISTS ${READER}@'127.0.0.1' IDENTIFIED BY '${READER}';`,
  `GRANT SELECT ON ${NAME}.* TO ${READER}@'127.0.0.1';`,
  `GRANT SELECT ON \`${NAME}\\_%\`.* TO ${READER}@'127.0.0.1';`,
].join('\n')}\n`;

/** The address that the apps use. */
export function addressOn(port: number): string {
  return `mysql://${NAME}:${NAME}@127.0.0.1:${port}/${NAME}`;
}
