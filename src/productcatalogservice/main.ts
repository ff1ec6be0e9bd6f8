import { serviceMain } from '../lib/process/service-main.ts';
import { readProductCatalogConfig } from './config.ts';
import { startProductCatalogService } from './service.ts';

void serviceMain({
  name: 'productcatalogservice',
  readConfig: readProductCatalogConfig,
  start: startProductCatalogService,
});
