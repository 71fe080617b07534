import { connect as openSocket, type Socket } from 'node:net';
import { defined } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { type Connection, createConnection, type SslOptions } from 'mysql2';
import type { MysqlAddress } from '../mysql-url.ts';
import { sessionSettings } from './session-settings.ts';
import { type Answer, answersOf, type Statement, textOf } from './statement.ts';

export interface LinkOptions {
  address: MysqlAddress;
  ssl?: SslOptions;
  /** From the first packet to the end of the login, milliseconds. */
  connectMs: number;
  /** Of a call, milliseconds. */
  deadlineMs: number;
}

const GOODBYE_MS = 1_000;

/** One connection. Whoever has it uses it alone. */
export class Link {
  readonly #connection: Connection;
  readonly #socket: Socket;
  #open = true;

  private constructor(connection: Connection, socket: Socket) {
    this.#connection = connection;
    this.#socket = socket;
    socket.once('close', () => this.end());
  }

  /** Connects, logs in and says `sessionSettings`. Errors: the driver's. */
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
    // Every error reaches whoever waits for an answer; without a listener it would end the process as well.
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

  /** Runs the statements in one round trip. Errors: the driver's, of the first that fails; those after it did not run. */
  async run(statements: readonly Statement[]): Promise<Answer[]> {
    return answersOf(await this.#query(textOf(statements)), statements.length);
  }

  /** Says goodbye, when nothing is asked any more; a server that does not hear it is not waited for. */
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

  /** Hangs up at once, whatever is being asked: its answer never comes. */
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
