import { join } from 'node:path';
import { ENGINES_FOLDER } from '../../../../deploy/engines/folders.ts';
import { mysql8On } from '../../../../deploy/engines/mysql/mysql8.ts';
import { mysqlContracts } from './testing/contracts.ts';
import { privateEngine } from './testing/private-engine.ts';

const { url } = privateEngine(mysql8On(13_408), join(ENGINES_FOLDER, 'mysql8'));

mysqlContracts('MySQL 8', url);
