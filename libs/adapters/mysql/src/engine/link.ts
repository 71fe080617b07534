import { connect as openSocket, type Socket } from 'node:net';
import { defined } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { type Connection, createConnection, type SslOptions } from 'mysql2';
import type { MysqlAddress } from '../mysql-url.ts';
import { type Answer, answersOf, type Statement, textOf } from './statement.ts';

export interface LinkOptions {
  address: MysqlAddress;
  ssl?: SslOptions;
  /** Timeout from the first packet to the end of the login, milliseconds. */
  connectMs: number;
  /** Deadline of a call, milliseconds. */
  deadlineMs: number;
}

const GOODBYE_MS = 1_000;

/** One connection, used by one caller at a time. */
export class Link {
  readonly #connection: Connection;
  readonly #socket: Socket;
  #open = true;

  private constructor(connection: Connection, socket: Socket) {
    this.#connection = connection;
    this.#socket = socket;
    socket.once('close', () => this.end());
  }

  /** Connects, logs in and runs `sessionSettings`. Errors: the driver's. */
  static async connect({ address, ssl, connectMs, deadlineMs }: LinkOptions): Promise<Link> {
    const socket = openSocket({ host: address.host, port: address.port, noDelay: true, keepAlive: true });
    const connection = createConnection({
      ...address,
      ...defined({ ssl }),
      stream: socket,
      charset: 'utf8mb4_bin',
      connectTimeout: connectMs,
      multipleStatements: true,
      rowsAsArray: true,
      trace: false,
    });
    // Every error already rejects the pending call; without a listener it would also end the process.
    connection.on('error', () => {});
    const link = new Link(connection, socket);
    try {
      await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
      await link.#query(sessionSettings(deadlineMs));
    } catch (error) {
      link.end();
      throw error;
    }
    return link;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /**
   * Runs the statements in one round trip. Errors: the driver's, of the first statement that fails; later ones do not
   * run.
   */
  async run(statements: readonly Statement[]): Promise<Answer[]> {
    return answersOf(await this.#query(textOf(statements)), statements.length);
  }

  /** Sends a goodbye once no call is pending; does not wait for a server that does not answer. */
  async close(): Promise<void> {
    if (!this.#open) return;
    await new Promise<void>((resolve) => {
      const timer = systemClock.after(GOODBYE_MS, resolve);
      this.#connection.end(() => {
        timer.cancel();
        resolve();
      });
    });
    this.end();
  }

  /** Closes at once, even during a call, which then never gets an answer. */
  end(): void {
    this.#open = false;
    this.#connection.destroy();
    this.#socket.destroy();
  }

  #query(sql: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#connection.query({ sql, rowsAsArray: true }, (error, results) =>
        error ? reject(error) : resolve(results),
      );
    });
  }
}

/** Idle time after which the server ends a connection, in seconds. */
const WAIT_TIMEOUT_S = 60;

/**
 * Sent on every new connection, so that server defaults cannot change the meaning of our statements.
 *
 * - READ COMMITTED: each statement sees what is committed, so reads under a lock are current, and no gaps are locked.
 *   Rows that must not change while they are read are locked explicitly (see `lockHeads`).
 * - Strict mode, without NO_BACKSLASH_ESCAPES: values are never truncated, and the driver's escaping is safe.
 * - The timeout of a lock is half the deadline, which leaves time for a second attempt.
 * - A client that stalls within a transaction is disconnected, which frees its locks.
 */
function sessionSettings(deadlineMs: number): string {
  const lockWaitS = Math.max(1, Math.floor(deadlineMs / 2_000));
  return [
    'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', SESSION autocommit = 1,
      SESSION innodb_lock_wait_timeout = ${lockWaitS}, SESSION wait_timeout = ${WAIT_TIMEOUT_S}`,
  ].join(';\n');
}
