export { Database } from './database.ts';
export type { Answer, Row, Statement } from './statement.ts';
export type { Transaction } from './transaction.ts';
