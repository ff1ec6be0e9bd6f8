import { storeOnLmdb } from '../lib/testing/store-on-lmdb.ts';
import { itKeepsShipments } from './shipment-store.contract.ts';
import { openLmdbShipmentStore } from './shipment-store.lmdb.ts';

describe('the shipment store on LMDB', () => {
  itKeepsShipments(storeOnLmdb(openLmdbShipmentStore));
});
