import { storeOnPostgres } from '../lib/testing/store-on-postgres.ts';
import { itKeepsShipments } from './shipment-store.contract.ts';
import { openPostgresShipmentStore, shipmentMigrations } from './shipment-store.postgres.ts';

describe('the shipment store on PostgreSQL', () => {
  itKeepsShipments(storeOnPostgres(shipmentMigrations, openPostgresShipmentStore));
});
