import { mysql } from '../../../../deploy/engines/mysql.ts';
import { mysqlContracts } from './testing/contracts.ts';

mysqlContracts('MariaDB', mysql.settings.CHASQUI_MYSQL_URL ?? '');
