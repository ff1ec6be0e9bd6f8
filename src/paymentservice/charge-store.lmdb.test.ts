import { storeOnLmdb } from '../lib/testing/store-on-lmdb.ts';
import { itKeepsCharges } from './charge-store.contract.ts';
import { openLmdbChargeStore } from './charge-store.lmdb.ts';

describe('the charge store on LMDB', () => {
  itKeepsCharges(storeOnLmdb(openLmdbChargeStore));
});
