import { serviceMain } from '../lib/process/service-main.ts';
import { readShippingConfig } from './config.ts';
import { startShippingService } from './service.ts';

void serviceMain({ name: 'shippingservice', readConfig: readShippingConfig, start: startShippingService });
