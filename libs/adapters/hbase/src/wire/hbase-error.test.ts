import { expect, it } from 'vitest';
import { serverError } from './hbase-error.ts';

const HBASE = 'org.apache.hadoop.hbase';

it('what the server throws says whether and where to try again', () => {
  const kinds = {
    [`${HBASE}.NotServingRegionException`]: 'moved',
    [`${HBASE}.exceptions.RegionMovedException`]: 'moved',
    // HBase marks it `do not retry`, but only a retry at the same place is useless.
    [`${HBASE}.regionserver.WrongRegionException`]: 'moved',
    [`${HBASE}.ipc.CallQueueTooBigException`]: 'busy',
    [`${HBASE}.RegionTooBusyException`]: 'busy',
    [`${HBASE}.security.AccessDeniedException`]: 'refused',
    [`${HBASE}.regionserver.NoSuchColumnFamilyException`]: 'refused',
    [`${HBASE}.TableExistsException`]: 'refused',
    'java.io.IOException': 'refused',
  };
  for (const [className, kind] of Object.entries(kinds)) expect(serverError(className, '', true).kind).toBe(kind);
  expect(serverError('java.io.IOException', 'disk\n\tat Java', false)).toMatchObject({
    kind: 'moved',
    message: 'IOException: disk',
  });
});
