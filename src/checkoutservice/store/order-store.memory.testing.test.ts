import { testRuntime } from '../../lib/testing/test-runtime.ts';
import { itKeepsOrders } from './order-store.contract.ts';
import { openMemoryOrderStore } from './order-store.memory.testing.ts';

describe('the order store in memory', () => {
  const store = openMemoryOrderStore({ newId: testRuntime().newId });

  itKeepsOrders(() => store);
});
