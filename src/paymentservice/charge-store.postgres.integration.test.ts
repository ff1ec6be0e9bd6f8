import { storeOnPostgres } from '../lib/testing/store-on-postgres.ts';
import { itKeepsCharges } from './charge-store.contract.ts';
import { chargeMigrations, openPostgresChargeStore } from './charge-store.postgres.ts';

describe('the charge store on PostgreSQL', () => {
  itKeepsCharges(storeOnPostgres(chargeMigrations, openPostgresChargeStore));
});
